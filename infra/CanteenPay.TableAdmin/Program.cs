using CanteenPay.TableAdmin;

// infra/tables.sh calls it and says what the arguments are.
return await Commands.RunAsync(args);
