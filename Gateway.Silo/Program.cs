using Gateway.Contracts.Nodes;
using Gateway.Hosting.Running;
using Gateway.Silo;

return await HostRunner.RunAsync(args, NodeRole.Silo, SiloHost.BuildAsync);
