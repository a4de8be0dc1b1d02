using System.Globalization;
using System.Text;
using CanteenPay.BankSimulator.Control;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Chaos;

/// <summary>The page at <c>/chaos</c>: a switch for each fault, and what was done. Forms and no script; the counters are a frame that loads itself again.</summary>
internal static class ChaosPage
{
    private const string Security = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-src 'self'; frame-ancestors 'self'";

    /// <summary>What a switch sets until another share is typed, in percent.</summary>
    private const double UsualPercent = 5;

    public static void MapChaosPage(this IEndpointRouteBuilder endpoints)
    {
        var chaos = endpoints.ServiceProvider.GetRequiredService<ChaosBoard>();
        var time = endpoints.ServiceProvider.GetRequiredService<TimeProvider>();

        endpoints.MapGet("/chaos", context => WriteAsync(context, Page(chaos.State.Settings)));

        endpoints.MapGet("/chaos/counters", context =>
        {
            context.Response.Headers["Refresh"] = "1";
            return WriteAsync(context, Counters(chaos.State, time.GetUtcNow()));
        });

        endpoints.MapPost("/chaos", context => WithFormAsync(context, form => chaos.Set(ChaosForm.Read(form))));

        endpoints.MapPost("/chaos/calm", context => WithFormAsync(context, _ => chaos.Calm()));

        endpoints.MapPost("/chaos/down", context => WithFormAsync(context, _ => chaos.GoDown(TimeSpan.FromSeconds(20))));
    }

    private static async Task WithFormAsync(HttpContext context, Action<IFormCollection> act)
    {
        // A page from elsewhere must not steer the bank through somebody's browser.
        var origin = context.Request.Headers.Origin.ToString();
        if (!context.Request.HasFormContentType || (origin != "" && origin != $"{context.Request.Scheme}://{context.Request.Host}"))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        act(await context.Request.ReadFormAsync(context.RequestAborted));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/chaos";
    }

    private static string Page(ChaosSettings settings)
    {
        var rows = new StringBuilder();
        foreach (var group in Faults.All.GroupBy(f => f.Group))
        {
            rows.Append($"<h2>{PhonePages.Encode(group.Key)}</h2><table>");
            foreach (var fault in group)
                rows.Append(Row(fault, settings.Shares.TryGetValue(fault.Fault, out var share) ? share : null));
            rows.Append("</table>");
        }

        return Html("混乱的银行 Chaos", $$"""
            <h1>混乱的银行 <small>The bank misbehaves</small></h1>
            <p>打开要发生的故障，定下比例。账本永远是真的：<a href="/">订单 Orders</a>。<small>Switch faults on and give their share. Whatever is answered, the book is true.</small></p>
            <form method="post" action="/chaos">
            <p><button>应用 Apply</button> <button formaction="/chaos/calm" id="calm">全部平息 Calm</button> <button formaction="/chaos/down">断线 20 秒 Down for 20 s</button>
            <label>种子 Seed <input type="number" name="seed" value="{{settings.Seed}}"></label></p>
            <div class="two"><div>{{rows}}</div><iframe src="/chaos/counters" title="计数 Counters"></iframe></div>
            </form>
            """);
    }

    private static string Row(FaultText fault, FaultShare? set)
    {
        var percent = ((set?.Share * 100) ?? UsualPercent).ToString("0.####", CultureInfo.InvariantCulture);
        var ms = fault.Ms is { } usual
            ? $"<input type=\"number\" name=\"{fault.Name}.ms\" min=\"0\" max=\"{ChaosJson.MaxDelay.TotalMilliseconds}\" value=\"{(long)(set?.Delay.TotalMilliseconds ?? usual)}\"> 毫秒 ms"
            : "";
        return $"""
            <tr><td><label><input type="checkbox" name="on" value="{fault.Name}"{(set is null ? "" : " checked")}> {fault.Zh}<br><small>{fault.Name} · {fault.En}</small></label>
            <td><input type="number" name="{fault.Name}" min="0" max="100" step="any" value="{percent}"> % {ms}
            """;
    }

    private static string Counters(ChaosState state, DateTimeOffset now)
    {
        var down = state.DownUntil is { } until ? $"<p class=\"down\">断线中 Down · {Math.Ceiling((until - now).TotalSeconds):0} s</p>" : "";
        var rows = new StringBuilder($"<tr><td>断线时拒绝 Refused while down<td>{state.RefusedAsDown}");
        foreach (var fault in Faults.All)
            rows.Append($"<tr{(state.Settings.Shares.ContainsKey(fault.Fault) ? " class=\"on\"" : "")}><td>{fault.Zh}<td>{state.Done[(int)fault.Fault]}");
        return Html("计数 Counters", $"{down}<table><tr><th>发生过 Done<th>次{rows}</table>");
    }

    private static string Html(string title, string body) => $$"""
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{title}}</title><style>{{StatusPage.Style}}
        small{color:#5b6472}input[type=number]{width:6rem;font:inherit}button{font:inherit;padding:6px 14px;border:0;border-radius:8px;background:#0b5cad;color:#fff}
        #calm{background:#1a7f4b}.two{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:24px}iframe{border:0;width:100%;height:52rem;position:sticky;top:0}
        form td+td{width:17rem;white-space:nowrap}tr.on td{font-weight:600}.down{color:#c0392b;font-weight:600}
        </style></head><body>{{body}}</body></html>
        """;

    private static Task WriteAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Security;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
