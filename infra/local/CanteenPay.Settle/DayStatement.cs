using System.Globalization;
using CanteenPay.Protocol;
using Spectre.Console;

namespace CanteenPay.Settle;

/// <summary>Prints a settlement date as a bank prints a statement.</summary>
internal static class DayStatement
{
    /// <summary>Columns where nobody says how wide the page is: the table fits without a break.</summary>
    public const int WidthWithoutTerminal = 160;

    /// <summary>Prints it.</summary>
    public static void Print(IAnsiConsole console, DayView day, DayFiles files)
    {
        console.Write(new Rule(string.Create(CultureInfo.InvariantCulture, $"[bold]日结算单 Settlement {day.Day:yyyy-MM-dd}[/] · {State(day.State)}")).LeftJustified());
        console.Write(Merchants(day));
        console.Write(new Columns(Sums(day.Totals), Split(day.Totals)).Collapse());
        if (day.Cards.Count > 0)
            console.Write(Cards(day.Cards));
        Failures(console, day);
        Files(console, files);
    }

    private static Table Merchants(DayView day)
    {
        var table = new Table().Border(TableBorder.SimpleHeavy).Expand();
        table.AddColumn(new TableColumn("商户\nMerchant").NoWrap());
        foreach (var name in (string[])["笔数\nOrders", "收款\nGross", "退款\nRefunds", "手续费\nFee", "应付\nPayable", "上日结转\nCarried in", "实付\nPaid out", "结转\nCarried on"])
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var line in day.Lines)
            table.AddRow([$"{line.MerchantId} {Markup.Escape(line.Name ?? "")} [dim]r{line.Revision}[/]", .. Cells(line.Figures)]);
        table.AddEmptyRow();
        table.AddRow(["[bold]合计 Total[/]", .. Cells(day.Totals).Select(cell => $"[bold]{cell}[/]")]);
        return table;
    }

    private static string[] Cells(DayFigures figures) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{figures.PaymentCount}{(figures.RefundCount > 0 ? $" −{figures.RefundCount}" : "")}"),
        Yuan(figures.Gross), Yuan(figures.Refunds), Yuan(figures.Fee - figures.FeeReturned), Yuan(figures.Payable), Yuan(figures.CarriedIn), Yuan(figures.PaidOut), Yuan(figures.CarriedOut),
    ];

    private static Table Sums(DayFigures totals)
    {
        var table = Small("合计 Totals");
        table.AddRow("收款 Gross", Yuan(totals.Gross));
        table.AddRow("退款 Refunds", Yuan(Fen.Zero - totals.Refunds));
        table.AddRow("手续费 Fee", Yuan(Fen.Zero - totals.Fee));
        table.AddRow("退回手续费 Fee returned", Yuan(totals.FeeReturned));
        table.AddRow("[bold]应付商户 Payable[/]", $"[bold]{Yuan(totals.Payable)}[/]");
        return table;
    }

    private static Table Split(DayFigures totals)
    {
        var table = Small("手续费分配 The fee's parts");
        table.AddRow("银行 Bank", Yuan(totals.BankPart));
        foreach (var part in totals.DistributorParts)
            table.AddRow($"经销商 Distributor {part.Distributor}", Yuan(part.Part));
        table.AddRow("平台 Platform", Yuan(totals.PlatformPart));
        table.AddRow("[bold]合计 Total[/]", $"[bold]{Yuan(totals.Fee - totals.FeeReturned)}[/]");
        return table;
    }

    private static Table Cards(IReadOnlyList<CardLine> cards)
    {
        var table = new Table().Border(TableBorder.SimpleHeavy).Title("[bold]卡资金（不计入以上）Card money, beside the above[/]");
        table.AddColumn("商户 Merchant");
        foreach (var name in (string[])["充值 Top-ups", "补贴 Subsidies", "消费 Taps", "余额 Balance"])
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var line in cards)
            table.AddRow(line.Merchant, Yuan(line.TopUps), Yuan(line.Subsidies), Yuan(line.Debits), line.Balance is { } balance ? Yuan(balance) : "—");
        return table;
    }

    private static void Failures(IAnsiConsole console, DayView day)
    {
        foreach (var failed in day.Progress?.Failed ?? [])
            console.MarkupLineInterpolated($"[red]未结算 Not settled[/] {failed.MerchantId}: {failed.Reason}");
    }

    private static void Files(IAnsiConsole console, DayFiles files)
    {
        foreach (var file in files.Files)
            console.MarkupLineInterpolated($"[dim]{file.Sha256[..Math.Min(12, file.Sha256.Length)]}[/] {file.Name} [dim]{file.Bytes:N0} B[/]");
    }

    private static Table Small(string title)
    {
        var table = new Table().Border(TableBorder.SimpleHeavy).HideHeaders().Title($"[bold]{title}[/]");
        table.AddColumn("");
        table.AddColumn(new TableColumn("").RightAligned());
        return table;
    }

    /// <summary>Yuan with thousands apart, as on paper; below zero in red.</summary>
    private static string Yuan(Fen amount)
    {
        var text = (amount.Value / 100m).ToString("N2", CultureInfo.InvariantCulture);
        return amount.Value < 0 ? $"[red]{text}[/]" : text;
    }

    private static string State(string state) => state switch
    {
        "provisional" => "[yellow]暂结 provisional[/]",
        "closing" => "[yellow]关账中 closing[/]",
        "closed" => "[green]已关账 closed[/]",
        _ => Markup.Escape(state),
    };
}
