using System.Collections.Immutable;
using System.Text;
using CanteenPay.BankSimulator.Control;
using CanteenPay.BankSimulator.Gateway;
using CanteenPay.BankSimulator.Phone;

namespace CanteenPay.BankSimulator.Registrations.Review;

/// <summary>What the bank's reviewer sees. Plain forms and no script; the ids are for browser tests.</summary>
internal static class ReviewPage
{
    /// <summary>What can be returned for correction: the platform's name of a field, how people call it, and where the bank reads it.</summary>
    public static readonly ImmutableArray<ReviewField> Fields =
    [
        new("merchantName", "商户简称 Name for diners", r => r.Fields["mchntName"]),
        new("licence", "营业执照号 Licence", r => r.Fields["licId"]),
        new("licenceValidUntil", "执照有效期 Valid until", r => r.Fields.GetValueOrDefault("licIdValidity", "")),
        new("legalPerson", "法人姓名 Legal person", r => r.Fields["corpName"]),
        new("residentId", "法人身份证 Resident ID", r => r.Fields["idtCard"]),
        new("contact.name", "联系人 Contact", r => r.Fields["contactName"]),
        new("contact.phone", "联系电话 Phone", r => r.Fields["telephone"]),
        new("address", "经营地址 Address", r => $"{r.Fields.GetValueOrDefault("province")}{r.Fields.GetValueOrDefault("city")}{r.Fields["address"]}"),
        new("settlement.accountName", "结算户名 Account name", r => Account(r, "acctName")),
        new("settlement.account", "结算账号 Account", r => Account(r, "account")),
        new("documents.licence", "执照照片 Licence's picture", _ => ""),
        new("documents.id-front", "身份证人像面 ID, face", _ => ""),
        new("documents.id-back", "身份证国徽面 ID, emblem", _ => ""),
        new("documents.bank-card", "银行卡照片 Bank card", _ => ""),
    ];

    private const string Picture = "documents.";

    private const string Style = """
        .cards{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:24px;align-items:start}
        figure{margin:0 0 16px;background:#fff;border-radius:10px;padding:10px;box-shadow:0 1px 3px #1c233022}figure img{width:100%;border-radius:6px;display:block}
        figcaption{color:#5b6472;font-size:.85rem;padding-top:6px}td:first-child{white-space:nowrap;color:#5b6472}input{font:inherit;width:100%;box-sizing:border-box;padding:4px 8px;border:1px solid #c9d1dc;border-radius:6px}
        button{font:inherit;white-space:nowrap;padding:8px 22px;border:0;border-radius:8px;color:#fff;background:#1a7f4b;margin-right:12px}button.return{background:#b26a00}button.refuse{background:#b3261e}
        .state{display:inline-block;padding:2px 10px;border-radius:999px;background:#e3e8ef;font-size:.9rem}.state.reviewing{background:#fff1cf}.state.approved{background:#d5f2e0}
        .state.returned,.state.refused{background:#fbdcd9}.decide{margin:20px 0;display:flex;gap:8px;align-items:center}.decide input{max-width:24rem}small{color:#5b6472}
        """;

    public static string List(IReadOnlyList<Registration> all)
    {
        var rows = new StringBuilder();
        foreach (var r in all)
        {
            rows.Append($"<tr><td>{BankTime.Spaced(r.At)}<td><a href=\"/review/{E(r.OutMchntId)}\">{E(r.Fields["mchntName"])}</a><td>{E(r.OutMchntId)}")
                .Append($"<td>{E(r.Fields["licId"])}<td>{State(r)}<td>{E(r.MchntId ?? "")}");
        }

        return Html("商户进件审核", $"""
            <h1>商户进件审核 <small>Merchant registrations</small></h1><p><a href="/">模拟银行 Bank</a></p>
            <table><tr><th>提交时间<th>商户<th>平台商户号<th>执照号<th>状态<th>银行商户号{rows}</table>{(all.Count == 0 ? "<p>还没有进件。Nothing was submitted yet.</p>" : "")}
            """);
    }

    public static string Show(Registration r)
    {
        var deciding = r.State is RegistrationState.Reviewing;
        var rows = new StringBuilder();
        foreach (var field in Fields)
        {
            var reason = r.Reasons.FirstOrDefault(x => x.Field == field.Name)?.Text;
            rows.Append($"<tr><td>{field.Title}<td>{E(field.Read(r))}<td>")
                .Append(deciding ? $"<input form=\"return\" name=\"{field.Name}\" maxlength=\"200\" placeholder=\"不符之处 What is wrong\">" : E(reason ?? ""));
        }

        var pictures = new StringBuilder();
        foreach (var (kind, title) in Fields.Where(f => f.Name.StartsWith(Picture, StringComparison.Ordinal)).Select(f => (f.Name[Picture.Length..], f.Title)))
        {
            if (!r.Pictures.ContainsKey(kind))
                continue;
            pictures.Append($"<figure><img src=\"/review/{r.OutMchntId}/picture/{kind}\" alt=\"{title}\"><figcaption>{title}</figcaption></figure>");
        }

        return Html($"{E(r.Fields["mchntName"])} · 进件审核", $"""
            <h1>{E(r.Fields["mchntName"])} <small>{E(r.OutMchntId)}</small></h1>
            <p><a href="/review">全部进件 All</a> · <span id="state" data-state="{RegistrationServices.NameOf(r.State)}">{State(r)}</span>{Ending(r)}</p>
            {(deciding ? Decisions(r) : "")}
            <div class="cards"><table><tr><th>项目<th>内容<th>退回原因{rows}</table><div>{pictures}</div></div>
            """);
    }

    private static string Decisions(Registration r) => $"""
        <div class="decide"><form method="post" action="/review/{r.OutMchntId}/approve"><button id="approve">通过 Approve</button></form>
        <form id="return" method="post" action="/review/{r.OutMchntId}/return"><button id="send-back" class="return">退回更正 Return</button></form>
        <form class="decide" method="post" action="/review/{r.OutMchntId}/refuse"><input name="reason" required maxlength="200" placeholder="拒绝原因 Why it is refused"><button class="refuse">拒绝 Refuse</button></form></div>
        """;

    private static string Ending(Registration r) => r switch
    {
        { MchntId: { } number } => $" · 银行商户号 Number <b id=\"mchnt-id\">{number}</b>",
        { State: RegistrationState.Refused } => $" · {E(string.Join('；', r.Reasons.Select(x => x.Text)))}",
        _ => "",
    };

    private static string State(Registration r)
    {
        var name = RegistrationServices.NameOf(r.State);
        var words = r.State switch
        {
            RegistrationState.Incomplete => "资料不全 Incomplete",
            RegistrationState.Reviewing => "待审核 Reviewing",
            RegistrationState.Returned => "已退回 Returned",
            RegistrationState.Refused => "已拒绝 Refused",
            _ => "已通过 Approved",
        };
        return $"<span class=\"state {name}\">{words}</span>";
    }

    private static string Account(Registration r, string name) => r.Accounts.Values.FirstOrDefault()?.GetValueOrDefault(name) ?? "";

    private static string Html(string title, string body) => $$"""
        <!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{{title}}</title><style>{{StatusPage.Style}}{{Style}}</style></head><body>{{body}}</body></html>
        """;

    private static string E(string text) => PhonePages.Encode(text);
}

/// <summary>A field of a registration, as the reviewer sees it.</summary>
internal sealed record ReviewField(string Name, string Title, Func<Registration, string> Read);
