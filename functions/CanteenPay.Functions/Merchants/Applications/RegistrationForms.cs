using System.Globalization;
using CanteenPay.Channels.Registration;
using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions.Merchants.Applications;

/// <summary>Opens what is sealed of an application, for the bank alone.</summary>
internal sealed class RegistrationForms(MerchantKeys keys, IPapers papers)
{
    /// <summary>The form for the bank; null when a paper or a number is missing.</summary>
    public async Task<RegistrationForm?> OfAsync(ApplicationRow row, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(row.Merchant, cancellationToken) is not { } key)
            return null;
        var plain = row.Sealed.Open(key);
        if (row.Form is not
            {
                MerchantName: { } name, LegalName: { } legalName, Licence: { } licence, LicenceValidUntil: { } until, LegalPerson: { } person,
                Settlement: { AccountName: { } accountName, BankName: { } bankName } settlement, Contact.Name: { } contact,
                Address: { Province: { } province, City: { } city, District: { } district, Detail: { } detail }
            }
            || plain is not { ResidentId: { } residentId, Account: { } account, Phone: { } phone }
            || await PicturesAsync(row, cancellationToken) is not { } pictures)
        {
            return null;
        }

        return new()
        {
            OutMerchantId = row.Merchant.Value,
            Sending = row.Sendings,
            MerchantName = name,
            LegalName = legalName,
            Licence = licence,
            LicenceValidUntil = DateOnly.ParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            LegalPerson = person,
            ResidentId = residentId.Text,
            ContactName = contact,
            ContactPhone = phone.Text,
            Province = province,
            City = city,
            Address = district + detail,
            RateBasisPoints = row.Form.RateBasisPoints ?? ApplicationRules.DefaultRate,
            Account = account.Text,
            AccountName = accountName,
            AccountBank = bankName,
            IsCorporateAccount = settlement.Kind == SettlementForm.Corporate,
            Pictures = pictures,
        };
    }

    private async Task<List<RegistrationPicture>?> PicturesAsync(ApplicationRow row, CancellationToken cancellationToken)
    {
        var pictures = new List<RegistrationPicture>();
        foreach (var paper in Papers.Required(row.Form))
        {
            if (await papers.OpenAsync(row.Merchant, paper, cancellationToken) is not { } bytes)
                return null;
            pictures.Add(new(paper, bytes));
        }

        return pictures;
    }
}
