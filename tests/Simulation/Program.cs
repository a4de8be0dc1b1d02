using CanteenPay.Simulation;

return CommandLine.Run(args);
