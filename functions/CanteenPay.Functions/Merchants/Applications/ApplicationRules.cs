using System.Globalization;
using CanteenPay.Functions.Merchants.Identifiers;
using CanteenPay.Functions.Merchants.Rates;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Reads what was sent into what may be kept, and says field by field what is wrong with it.</summary>
internal sealed class ApplicationRules(DateOnly today, int defaultBankCost)
{
    /// <summary>What a payment costs when nobody says otherwise: 0.6 %.</summary>
    public const int DefaultRate = 60;

    /// <summary>The first-tier distributor's part when nobody says otherwise: 0.1 %.</summary>
    public const int DefaultShare = 10;

    /// <summary>What diners read in their wallet.</summary>
    public const int MaxMerchantName = 20;

    private const int MaxName = 100, MaxPerson = 50, MaxDetail = 200, MaxMachines = 200, MinPhone = 5, MaxPhone = 20;
    private const string DayFormat = "yyyy-MM-dd";

    private static readonly string[] KnownWarnings = ["licence"];

    /// <summary>What is wrong, by field.</summary>
    public Dictionary<string, string[]> Errors { get; } = [];

    /// <summary>The form as it may be kept, with masks where numbers are sealed, and those numbers; whether it may stand is in <see cref="Errors"/>.</summary>
    /// <param name="sent">What was sent.</param>
    /// <param name="kept">What was kept before; an empty form for a new one.</param>
    /// <param name="distributor">Who files it.</param>
    public (ApplicationForm Form, PlainFields Plain) Read(ApplicationForm sent, ApplicationForm kept, DistributorId distributor)
    {
        var residentId = Number(
            "residentId", sent.ResidentId, kept.ResidentId, text => ResidentId.Check(text, today), Masks.ResidentId, out var residentMask);
        var (settlement, account) = Settlement(sent.Settlement, kept.Settlement);
        var phone = Number("contact.phone", sent.Contact?.Phone, kept.Contact?.Phone, CheckPhone, Masks.Phone, out var phoneMask);
        var form = new ApplicationForm
        {
            MerchantName = Text("merchantName", sent.MerchantName, MaxMerchantName),
            LegalName = Text("legalName", sent.LegalName, MaxName),
            Licence = LicenceOf(sent.Licence),
            LicenceValidUntil = Day("licenceValidUntil", sent.LicenceValidUntil),
            LegalPerson = Text("legalPerson", sent.LegalPerson, MaxPerson),
            ResidentId = residentMask,
            Settlement = settlement,
            Contact = sent.Contact is null ? null : new(Text("contact.name", sent.Contact.Name, MaxPerson), phoneMask),
            Address = sent.Address is not { } address ? null : new(
                Text("address.province", address.Province, MaxPerson), Text("address.city", address.City, MaxPerson),
                Text("address.district", address.District, MaxPerson), Text("address.detail", address.Detail, MaxDetail)),
            Machines = sent.Machines,
            RateBasisPoints = sent.RateBasisPoints ?? DefaultRate,
            BankCostBasisPoints = sent.BankCostBasisPoints ?? defaultBankCost,
            Shares = sent.Shares ?? [new(distributor.Value, DefaultShare)],
            AcceptWarnings = Warnings(sent.AcceptWarnings),
        };
        if (form.Machines is < 0 or > MaxMachines)
            Errors["machines"] = [$"机器数量 0 至 {MaxMachines} / 0 to {MaxMachines} machines"];
        if (TermsOf(form) is not { } terms)
            Errors["shares"] = ["每项分润需要经销商编号和万分比 / Each share names a distributor and its basis points"];
        else
            CheckTerms(terms);
        return (form, new(residentId, account, phone));
    }

    /// <summary>What keeps a kept form from being submitted, in <see cref="Errors"/>.</summary>
    /// <param name="form">The kept form.</param>
    /// <param name="papers">The papers that are there, by their names in addresses.</param>
    public void CheckComplete(ApplicationForm form, IReadOnlyCollection<string> papers)
    {
        Require("merchantName", form.MerchantName);
        Require("legalName", form.LegalName);
        Require("licence", form.Licence);
        Require("licenceValidUntil", form.LicenceValidUntil);
        Require("legalPerson", form.LegalPerson);
        Require("residentId", form.ResidentId);
        Require("settlement.kind", form.Settlement?.Kind);
        Require("settlement.accountName", form.Settlement?.AccountName);
        Require("settlement.account", form.Settlement?.Account);
        Require("settlement.bankName", form.Settlement?.BankName);
        Require("contact.name", form.Contact?.Name);
        Require("contact.phone", form.Contact?.Phone);
        Require("address.province", form.Address?.Province);
        Require("address.city", form.Address?.City);
        Require("address.district", form.Address?.District);
        Require("address.detail", form.Address?.Detail);
        Require("machines", form.Machines);
        if (form.LicenceValidUntil is { } until && DateOnly.ParseExact(until, DayFormat, CultureInfo.InvariantCulture) < today)
            Errors["licenceValidUntil"] = ["营业执照已过期 / The licence is no longer valid"];
        foreach (var (field, warning) in WarningsOf(form))
        {
            if (form.AcceptWarnings?.Contains(field) != true)
                Errors[field] = [$"{warning}（核对后在 acceptWarnings 中注明 \"{field}\"）/ Once it was compared, say \"{field}\" in acceptWarnings"];
        }

        foreach (var paper in Papers.Required(form))
        {
            if (!papers.Contains(paper))
                Errors[$"documents.{paper}"] = ["缺少图片 / This picture is missing"];
        }
    }

    /// <summary>What somebody should look at, by field; it keeps nobody from going on who says that they did.</summary>
    public static IReadOnlyDictionary<string, string> WarningsOf(ApplicationForm form) =>
        form.Licence is { } licence && Identifiers.Licence.Check(licence) is IdentifierCheck.Doubtful doubtful
            ? new Dictionary<string, string> { ["licence"] = doubtful.Why }
            : [];

    /// <summary>The terms of a form; null when a share is not whole.</summary>
    public static FeeTerms? TermsOf(ApplicationForm form)
    {
        var shares = new List<FeeShare>();
        foreach (var share in form.Shares ?? [])
        {
            if (share is null || share.BasisPoints is not { } points || !DistributorId.TryParse(share.DistributorId, null, out var distributor))
                return null;
            shares.Add(new(distributor, points));
        }

        return new(form.RateBasisPoints ?? DefaultRate, form.BankCostBasisPoints ?? 0, shares);
    }

    private void CheckTerms(FeeTerms terms)
    {
        var wrong = new Dictionary<string, string[]>();
        FeeTerms.Check(terms, wrong);
        foreach (var (field, why) in wrong)
            Errors[field] = why;
    }

    private (SettlementForm? Form, PlainField? Account) Settlement(SettlementForm? sent, SettlementForm? kept)
    {
        if (sent is null)
            return (null, null);
        if (sent.Kind is not (null or SettlementForm.Card or SettlementForm.Corporate))
            Errors["settlement.kind"] = ["card（银行卡）或 corporate（对公账户）/ card or corporate"];
        if (sent.Kind is null && sent.Account is not null)
            Errors["settlement.kind"] = ["先选择账户类型 / The kind of account comes first"];
        // A number that was kept was checked as another kind.
        var comparable = sent.Kind == kept?.Kind ? kept?.Account : null;
        Func<string, IdentifierCheck> check = sent.Kind == SettlementForm.Card ? BankCard.Check : BankCard.CheckAccount;
        var account = Number("settlement.account", sent.Account, comparable, check, Masks.Account, out var mask);
        return (new(sent.Kind, Text("settlement.accountName", sent.AccountName, MaxName), mask, Text("settlement.bankName", sent.BankName, MaxName)), account);
    }

    private PlainField? Number(
        string field, string? sent, string? keptMask, Func<string, IdentifierCheck> check, Func<string, string> maskOf, out string? mask)
    {
        mask = null;
        if (string.IsNullOrWhiteSpace(sent))
            return null;
        if (Masks.IsMask(sent))
        {
            mask = keptMask;
            if (sent == keptMask)
                return new("", IsKept: true);
            Errors[field] = ["请填写完整号码 / Send the whole number"];
            return null;
        }

        if (check(sent) is IdentifierCheck.Invalid { Why: var why })
        {
            Errors[field] = [why];
            return null;
        }

        var number = check(sent).Text;
        mask = maskOf(number);
        return new(number);
    }

    private string? LicenceOf(string? sent)
    {
        if (string.IsNullOrWhiteSpace(sent))
            return null;
        var check = Identifiers.Licence.Check(sent);
        if (check is IdentifierCheck.Invalid { Why: var why })
            Errors["licence"] = [why];
        return check.Text;
    }

    private string? Day(string field, string? sent)
    {
        if (string.IsNullOrWhiteSpace(sent))
            return null;
        if (!DateOnly.TryParseExact(sent.Trim(), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            Errors[field] = ["日期如 2030-12-31，长期为 9999-12-31 / A day such as 2030-12-31; 9999-12-31 for one without an end"];
        return sent.Trim();
    }

    private string? Text(string field, string? sent, int most)
    {
        var text = sent?.Trim();
        if (text is { Length: var length } && (length > most || text.Any(char.IsControl)))
            Errors[field] = [$"最多 {most} 字，一行 / At most {most} characters on one line"];
        return text is { Length: > 0 } ? text : null;
    }

    private List<string> Warnings(IReadOnlyList<string>? accepted)
    {
        if (accepted?.All(KnownWarnings.Contains) == false)
            Errors["acceptWarnings"] = [$"只有 {string.Join(", ", KnownWarnings)} / Only {string.Join(", ", KnownWarnings)}"];
        return [.. (accepted ?? []).Distinct().Take(KnownWarnings.Length)];
    }

    private void Require(string field, object? value)
    {
        if (value is null)
            Errors[field] = ["必填 / This is needed"];
    }

    private static IdentifierCheck CheckPhone(string text)
    {
        var phone = IdentifierText.Normalise(text);
        return phone.Length is >= MinPhone and <= MaxPhone && IdentifierText.IsDigits(phone.AsSpan(phone[0] == '+' ? 1 : 0))
            ? new IdentifierCheck.Valid(phone)
            : new IdentifierCheck.Invalid(phone, $"电话为 {MinPhone} 至 {MaxPhone} 位数字 / A phone has {MinPhone} to {MaxPhone} digits");
    }
}
