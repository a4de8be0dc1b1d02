using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using CanteenPay.LocalCloud.Settings;

namespace CanteenPay.LocalCloud.Identity;

/// <summary>Where somebody picks who they are. No script; the ids are for browser tests.</summary>
internal static class LoginPage
{
    private const string Style = """
        body{font:16px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;color:#1c2330;background:#f3f5f8}
        main{width:min(26rem,92vw);background:#fff;border-radius:14px;padding:32px;box-shadow:0 4px 24px #1c233018}h1{font-size:1.35rem;margin:0 0 4px}h1 small{color:#5b6472;font-weight:400;font-size:.95rem}
        p{color:#5b6472;margin:0 0 20px;font-size:.9rem}a{display:flex;align-items:center;gap:14px;padding:12px 14px;margin:10px 0 0;border:1px solid #e2e7ee;border-radius:10px;color:inherit;text-decoration:none}
        a:hover,a:focus{border-color:#0b5cad;background:#f5f9fe}i{font-style:normal;flex:none;width:40px;height:40px;border-radius:50%;display:grid;place-items:center;color:#fff;background:#0b5cad;font-size:1.1rem}
        b{display:block;font-weight:600}span{color:#5b6472;font-size:.85rem}
        """;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>One line for each persona; a click goes on with the same question and the answer to who.</summary>
    internal static string Choose(IReadOnlyList<Persona> personas, string query)
    {
        var list = new StringBuilder();
        foreach (var persona in personas)
        {
            list.Append($"<a id=\"persona-{E(persona.Key)}\" href=\"{E(query)}&amp;persona={Uri.EscapeDataString(persona.Key)}\"><i>{E(persona.Name[..1])}</i>")
                .Append($"<div><b>{E(persona.Name)}</b><span>{E(string.Join(" · ", persona.Roles.Select(Title)))}</span></div></a>");
        }

        return Page("选择身份", $"<h1>选择身份 <small>Who are you?</small></h1><p>本机演示登录，没有密码。<br>A demonstration on this machine: nobody has a password.</p>{list}");
    }

    internal static string Refusal(string why) => Page("不能登录", $"<h1>不能登录 <small>Cannot sign in</small></h1><p id=\"refusal\">{E(why)}</p>");

    private static string Title(string role) => role switch
    {
        "Operator" => "平台运营 Operator",
        "Finance" => "财务 Finance",
        "Distributor" => "经销商 Distributor",
        "Merchant" => "商户 Merchant",
        _ => role,
    };

    private static string Page(string title, string main) => $$"""
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{title}}</title><style>{{Style}}</style></head>
        <body><main>{{main}}</main></body></html>
        """;

    private static string E(string text) => Encoder.Encode(text);
}
