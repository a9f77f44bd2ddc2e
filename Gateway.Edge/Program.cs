using Gateway.Contracts.Nodes;
using Gateway.Edge;
using Gateway.Hosting.Running;

return await HostRunner.RunAsync(args, NodeRole.Edge, EdgeHost.BuildAsync);
