using Gateway.Cli.Commands;

return await GatewayCommand.RunAsync(args, Output.Console);
