using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CanteenPay.LocalCloud.Faults;

namespace CanteenPay.LocalCloud.Status;

/// <summary>The status as one page, Chinese first.</summary>
internal static class StatusPage
{
    private const string Head = """
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>本地云 LocalCloud</title>
        <style>
        body{font:14px/1.5 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;margin:2rem auto;padding:0 1.5rem;max-width:76rem;color:#1c2330;background:#f3f5f8}
        h1{font-size:1.5rem;margin:0}h1 small{color:#5b6472;font-weight:400;font-size:1rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
        table{border-collapse:collapse;width:100%;background:#fff;border-radius:.6rem;overflow:hidden;box-shadow:0 1px 3px #1c233022}
        th,td{text-align:left;padding:.4rem .8rem;border-top:1px solid #edf0f4;vertical-align:middle;overflow-wrap:anywhere}
        th{color:#5b6472;background:#f9fafc;font-weight:500;font-size:.85rem;border-top:0;overflow-wrap:normal}td:first-child{white-space:nowrap}
        td.n{font-variant-numeric:tabular-nums}.bad{color:#b3261e;font-weight:600}.good{color:#146c43}.good::before,.bad::before{content:"●";margin-right:.4em;font-size:.7em}
        a{color:#0b5cad;text-decoration:none}a:hover{text-decoration:underline}
        button{font:inherit;font-size:.85rem;white-space:nowrap;padding:.15rem .7rem;border:1px solid #c9d1dc;border-radius:.4rem;background:#fff;color:#1c2330;cursor:pointer}
        button:hover{border-color:#0b5cad;color:#0b5cad}main>button{margin-top:1rem}
        </style></head><body><h1>本地云 <small>LocalCloud</small></h1>
        """;

    // Without a reload of the page, a button pressed in between is not lost; the answer to a button is not shown, its effect is.
    private const string Script = """
        <script>
        const send = async (path, method) => { await fetch(path, { method }); refresh(); };
        const refresh = async () => {
          try { const next = new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html'); document.querySelector('main').replaceWith(next.querySelector('main')); }
          catch { document.title = '已停止 stopped'; }
        };
        setInterval(refresh, 2000);
        document.addEventListener('click', e => { if (e.target.dataset.path) send(e.target.dataset.path, e.target.dataset.method); });
        </script></body></html>
        """;

    // Chinese as it is, not as character references.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    internal static string Write(CloudStatus status)
    {
        var page = new StringBuilder(Head).Append("<main>");
        Table(page, "地址 Addresses", ["什么 What", "地址 Address"], Addresses(status));
        DinersTable.Write(page, status.Diners);
        Table(page, "部件 Parts", ["部件 Part", "状态 State", "进程 Process", "启动 Starts", "地址 Address", "错误 Last error"], status.Parts.Select(p => new[]
        {
            Text(p.Name), State($"{p.State}"), Number(p.Pid), Number(p.Starts), Text(p.Address), Text(p.LastError),
        }));
        Table(page, "函数进程 Handlers", ["组 Group", "状态 State", "进程 Process", "启动 Starts", "错误 Errors", "最后错误 Last error"], status.Functions.Handlers.Select(h => new[]
        {
            Text(h.Group), State($"{h.State}"), Number(h.ProcessId), Number(h.Starts), Number(h.Errors), Text(h.LastError),
        }));
        Table(page, "函数 Functions", ["函数 Function", "触发 Trigger", "调用 Invocations", "失败 Failures", "进行中 In flight", "下次 Next (UTC)", "最后错误 Last error", ""], status.Functions.Functions.Select(f => new[]
        {
            Text(f.Name), Text($"{f.Trigger} {f.Target}"), Number(f.Invocations), Number(f.Failures), Number(f.InFlight), Text(f.NextRun?.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
            Text(f.LastError), f.Trigger == "timer" ? Button("触发 fire", $"/timers/{f.Name}/fire") : "",
        }));
        Table(page, "队列 Queues", ["队列 Queue", "待处理 Ready", "定时 Scheduled", "处理中 In flight", "死信 Dead", "发送 Sent", "投递 Delivered", "完成 Completed", "重复 Duplicates", ""], status.Queues.Select(q => new[]
        {
            Text(q.Name), Number(q.Ready), Number(q.Scheduled), Number(q.InFlight), Number(q.DeadLetters), Number(q.Counts.Sent), Number(q.Counts.Delivered), Number(q.Counts.Completed),
            Number(q.Counts.Duplicates), q.Held ? Button("放行 release", $"/queues/{q.Name}/release") : Button("扣住 hold", $"/queues/{q.Name}/hold"),
        }));
        Faults(page, status.Faults);
        Table(page, "操作计数 Operations", ["操作 Operation", "次数 Count"], status.Operations.Select(o => new[] { Text(o.Key), Number(o.Value) }));
        return page.Append(Button("清零 reset", "/counters/reset")).Append("</main>").Append(Script).ToString();
    }

    /// <summary>Every hop, so that one sees at a glance whether anything is wrong on purpose.</summary>
    private static void Faults(StringBuilder page, FaultsStatus faults)
    {
        Table(page, $"故障 Faults · 种子 seed {faults.Seed}", ["环节 Hop", "设置 Settings", "经过 Seen", "已发生 Happened"], faults.Hops.Select(h => new[]
        {
            Text($"{h.Value.Title} ({h.Key})"),
            h.Value.Settings == HopSettings.Calm ? "<span class=good>平静 calm</span>" : $"<span class=bad>{Text(Settings(h.Value.Settings))}</span>",
            Number(h.Value.Seen), Text(string.Join(" · ", h.Value.Counts.Where(c => c.Value > 0).Select(c => $"{c.Key} {c.Value}"))),
        }));
        page.Append(Button("结束全部故障 end all faults", "/faults", "DELETE")).Append(' ').Append(Button("杀函数进程 kill the handler", "/handlers/kill"));
    }

    private static string Settings(HopSettings settings) => JsonSerializer.Serialize(settings, FaultLine.Default.HopSettings);

    private static IEnumerable<string[]> Addresses(CloudStatus status)
    {
        var all = status.Addresses;
        return
        [
            .. all.Programs.Select(p => new[] { Text(all.Label(p.Key)), Link(p.Value) }),
            [Text("函数 Functions"), Link(all.Functions)],
            [Text("服务总线 Service Bus"), Text(all.ServiceBus)],
            [Text("事件网格 Event Grid"), Text(all.EventGrid)],
            [Text("表 Tables"), Text(all.Tables)],
            [Text("文件 Blobs"), Text(all.Blobs)],
            [Text("登录 Sign-in"), Text(all.Login)],
            [Text("MQTT"), Text($"mqtts://{all.MqttHost}:{all.MqttPort}")],
        ];
    }

    internal static void Table(StringBuilder page, string title, string[] columns, IEnumerable<string[]> rows)
    {
        page.Append("<h2>").Append(Text(title)).Append("</h2><table><tr>");
        foreach (var column in columns)
        {
            page.Append("<th>").Append(Text(column)).Append("</th>");
        }

        page.Append("</tr>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var cell in row)
            {
                page.Append(cell.StartsWith("<td", StringComparison.Ordinal) ? cell : $"<td>{cell}</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table>");
    }

    internal static string Text(string? text) => Encoder.Encode(text ?? "");

    private static string Number(long? number) => $"<td class=n>{number}</td>";

    internal static string Link(string address, string? label = null) => $"<a href=\"{Text(address)}\">{Text(label ?? address)}</a>";

    private static string State(string state) => $"<span class={(state == "Ready" ? "good" : "bad")}>{Text(state)}</span>";

    private static string Button(string label, string path, string method = "POST") => $"<button data-path=\"{Text(path)}\" data-method={method}>{Text(label)}</button>";
}

/// <summary>Settings on one line, as somebody would send them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HopSettings))]
internal sealed partial class FaultLine : JsonSerializerContext;
