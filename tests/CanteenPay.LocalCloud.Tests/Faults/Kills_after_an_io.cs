using CanteenPay.LocalCloud.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace CanteenPay.LocalCloud.Tests.Faults;

/// <summary>Which I/O is the last, with requests that come one by one and at once. Real processes: <see cref="Faults_of_a_whole_cloud"/>.</summary>
public sealed class Kills_after_an_io
{
    private readonly List<string> _happened = [];
    private readonly Hop _hop = new(HopKind.HandlerKill);
    private readonly TaskCompletionSource _gone = new();
    private readonly HandlerKills _kills;

    public Kills_after_an_io() => _kills = new(_hop, KillAsync, NullLogger.Instance);

    [Fact]
    public async Task The_nth_io_has_its_effect_and_loses_its_answer_and_the_process()
    {
        _gone.SetResult();
        _kills.After(3);

        var answers = new List<bool> { await IoAsync("1"), await IoAsync("2"), await IoAsync("3"), await IoAsync("4") };

        _happened.ShouldBe(["1", "2", "3", "kill", "4"]);
        answers.ShouldBe([true, true, false, true]);
        (_kills.Left, _hop.Read().Counts["kill"]).ShouldBe((0, 1));
    }

    [Fact]
    public async Task What_the_dying_process_asks_for_after_its_last_io_has_no_effect()
    {
        _kills.After(1);
        var last = IoAsync("last");
        var after = IoAsync("after");
        (last.IsCompleted, after.IsCompleted).ShouldBe((false, false));

        _gone.SetResult();

        (await last, await after).ShouldBe((false, false));
        _happened.ShouldBe(["last", "kill"]);
    }

    [Fact]
    public async Task At_random_each_io_is_the_last_with_the_share_that_was_set()
    {
        _gone.SetResult();
        _hop.Set(new() { EveryIo = 1 });

        (await IoAsync("1"), await IoAsync("2")).ShouldBe((false, false));

        _happened.ShouldBe(["1", "kill", "2", "kill"]);
    }

    [Fact]
    public async Task An_io_that_fails_is_the_last_nevertheless()
    {
        _gone.SetResult();
        _kills.After(1);

        await Should.ThrowAsync<InvalidOperationException>(_kills.InvokeAsync(new DefaultHttpContext(), _ => throw new InvalidOperationException("no disk")));

        _happened.ShouldBe(["kill"]);
        (await IoAsync("next")).ShouldBeTrue();
    }

    private Task KillAsync()
    {
        _happened.Add("kill");
        return _gone.Task;
    }

    /// <returns>Whether the caller got an answer.</returns>
    private async Task<bool> IoAsync(string effect)
    {
        var connection = new Connection();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(connection);
        await _kills.InvokeAsync(context, _ =>
        {
            _happened.Add(effect);
            return Task.CompletedTask;
        });
        return !connection.IsCut;
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public bool IsCut { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsCut = true;
    }
}
