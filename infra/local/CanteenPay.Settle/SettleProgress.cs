using System.Globalization;
using Spectre.Console;

namespace CanteenPay.Settle;

/// <summary>A bar that moves while a date is settled.</summary>
internal static class SettleProgress
{
    /// <summary>Shows it while the work goes on.</summary>
    public static Task<DayView> ShowAsync(IAnsiConsole console, DateOnly day, Func<Action<DayProgress>, Task<DayView>> work) => console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask(string.Create(CultureInfo.InvariantCulture, $"结算 Settling {day:yyyy-MM-dd}"));
            return await work(progress =>
            {
                bar.MaxValue = Math.Max(1, progress.Merchants);
                bar.Value = progress.Statements;
                bar.Description = string.Create(CultureInfo.InvariantCulture, $"结算 Settling {day:yyyy-MM-dd} · {progress.Statements}/{progress.Merchants}");
            });
        });
}
