using CanteenPay.Functions.Merchants.Applications;
using CanteenPay.Protocol;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>Pictures in memory.</summary>
internal sealed class FakePapers : IPapers
{
    private readonly Dictionary<(MerchantId Merchant, string Paper), byte[]> _papers = [];

    /// <summary>All that an application may need.</summary>
    public static IReadOnlyList<string> All => [Papers.Licence, Papers.IdFront, Papers.IdBack, Papers.BankCard];

    /// <summary>Somebody uploads pictures.</summary>
    public void Put(MerchantId merchant, params IEnumerable<string> papers)
    {
        foreach (var paper in papers)
            _papers[(merchant, paper)] = [1, 2, 3];
    }

    public Task<IReadOnlyList<string>> ListAsync(MerchantId merchant, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _papers.Keys.Where(key => key.Merchant == merchant).Select(key => key.Paper)]);

    public Task<byte[]?> OpenAsync(MerchantId merchant, string paper, CancellationToken cancellationToken) =>
        Task.FromResult(_papers.GetValueOrDefault((merchant, paper)));

    public Task ForgetAsync(MerchantId merchant, CancellationToken cancellationToken)
    {
        foreach (var paper in All)
            _papers.Remove((merchant, paper));
        return Task.CompletedTask;
    }
}
