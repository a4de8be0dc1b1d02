using CanteenPay.Channels;
using CanteenPay.Channels.Registration;

namespace CanteenPay.Functions.Tests.Merchants;

/// <summary>A bank's desk for new merchants: it takes what is sent and says what a test decides.</summary>
internal sealed class FakeRegistration : IMerchantRegistration
{
    private readonly Dictionary<string, RegistrationForm> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RegistrationOutcome> _decided = new(StringComparer.Ordinal);

    /// <summary>Called before each call reaches the bank.</summary>
    public Action? BeforeCall { get; set; }

    /// <summary>Called after each call has taken effect, before it is answered: throws to kill the caller.</summary>
    public Action<string>? AfterCall { get; set; }

    /// <summary>When true nobody is there.</summary>
    public bool IsAway { get; set; }

    /// <summary>When true it takes less than it was sent, once.</summary>
    public bool LosesOne { get; set; }

    /// <summary>How often it was asked what became of somebody.</summary>
    public int Questions { get; private set; }

    /// <summary>Every form that it was sent, in order.</summary>
    public List<RegistrationForm> Forms { get; } = [];

    /// <summary>What it has of a merchant.</summary>
    public RegistrationForm Of(string merchant) => _sent[merchant];

    /// <summary>The reviewer decides about what is there.</summary>
    public void Decide(string merchant, RegistrationOutcome outcome) => _decided[merchant] = outcome;

    public Task<RegistrationOutcome> SubmitAsync(RegistrationForm form, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        if (IsAway)
            return Task.FromResult<RegistrationOutcome>(new RegistrationOutcome.Unknown(new(DoubtKind.Unreachable, "unreachable", "nobody is there")));
        Forms.Add(form);
        // Another sending is looked at anew; the same one again changes nothing.
        if (_sent.TryGetValue(form.OutMerchantId, out var before) && before.Sending != form.Sending)
            _decided.Remove(form.OutMerchantId);
        _sent[form.OutMerchantId] = form;
        AfterCall?.Invoke("submit");
        return Task.FromResult<RegistrationOutcome>(new RegistrationOutcome.Reviewing());
    }

    public Task<RegistrationOutcome> QueryAsync(string outMerchantId, CancellationToken cancellationToken)
    {
        BeforeCall?.Invoke();
        Questions++;
        AfterCall?.Invoke("query");
        if (IsAway)
            return Task.FromResult<RegistrationOutcome>(new RegistrationOutcome.Unknown(new(DoubtKind.Unreachable, "unreachable", "nobody is there")));
        if (LosesOne)
        {
            LosesOne = false;
            return Task.FromResult<RegistrationOutcome>(new RegistrationOutcome.Incomplete());
        }

        return Task.FromResult(_decided.GetValueOrDefault(outMerchantId) ?? new RegistrationOutcome.Reviewing());
    }
}
