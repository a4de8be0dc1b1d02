using CanteenPay.Functions.Merchants.Documents;
using static CanteenPay.Functions.Tests.Merchants.Documents.SampleImages;

namespace CanteenPay.Functions.Tests.Merchants.Documents;

/// <summary>A kill at any step leaves the old paper or the new one, and what it left of the other is gone after the sweep.</summary>
[Collection(PaperOfficeCollection.Name)]
public sealed class KilledUploadTests(PaperOffice office) : IAsyncLifetime
{
    private const int MoreStepsThanThereAre = 20;

    private PaperDesk _desk = null!;
    private bool _killed;

    public async Task InitializeAsync() => _desk = await PaperDesk.OpenAsync(office);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_at_any_step_leaves_a_whole_paper_and_after_an_hour_nothing_else(bool isBefore)
    {
        var step = 0;
        do
        {
            _desk.Clock.Passed = TimeSpan.Zero;
            await _desk.KeepAsync(Png());
            KillAt(++step, isBefore);
            await Record.ExceptionAsync(() => _desk.KeepAsync(Jpeg()));
            var isOver = !NobodyIsKilled();

            var kept = await _desk.KeptAsync(DocumentKind.Licence);
            (kept.SequenceEqual(Png()) || kept.SequenceEqual(Jpeg())).ShouldBeTrue($"step {step}");
            await SweepAfterAnHourAsync();
            (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(kept, $"step {step}");
            (await _desk.BlobsAsync()).Count.ShouldBe(1, $"step {step}");
            (await _desk.OpenNotesAsync()).ShouldBe(0, $"step {step}");
            if (isOver)
                break;
        }
        while (step < MoreStepsThanThereAre);

        step.ShouldBeInRange(5, MoreStepsThanThereAre - 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_kill_while_a_paper_is_taken_away_leaves_it_whole_or_nothing(bool isBefore)
    {
        for (var step = 1; step < 6; step++)
        {
            _desk.Clock.Passed = TimeSpan.Zero;
            await _desk.KeepAsync(Png());
            KillAt(step, isBefore);
            await Record.ExceptionAsync(() => _desk.Store.RemoveAsync(_desk.Merchant, DocumentKind.Licence, CancellationToken.None));
            NobodyIsKilled().ShouldBeTrue();

            await SweepAfterAnHourAsync();

            var papers = await _desk.Documents.ListAsync(_desk.Merchant, CancellationToken.None);
            (await _desk.BlobsAsync()).Count.ShouldBe(papers.Count, $"step {step}");
            (await _desk.OpenNotesAsync()).ShouldBe(0, $"step {step}");
            if (papers.Count > 0)
                (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(Png());
        }
    }

    [Fact]
    public async Task An_upload_that_is_going_on_is_not_swept()
    {
        _desk.Tables.BeforeOperation = operation => operation.Contains("/document-licence", StringComparison.Ordinal) ? throw new Killed(operation) : Task.CompletedTask;
        await Should.ThrowAsync<Killed>(() => _desk.KeepAsync(Jpeg()));
        _desk.Tables.BeforeOperation = null;
        (await _desk.BlobsAsync()).ShouldHaveSingleItem();

        await _desk.SweepAsync();
        (await _desk.BlobsAsync()).ShouldHaveSingleItem();

        await SweepAfterAnHourAsync();
        await _desk.ShouldHoldNothingAsync();
    }

    [Fact]
    public async Task A_paper_whose_row_was_written_and_answered_as_overtaken_is_whole()
    {
        await _desk.KeepAsync(Png());
        AnswerOnceAsOvertaken("/document-licence", ".Update ");

        await _desk.KeepAsync(Jpeg());

        _desk.Tables.AfterOperation.ShouldBeNull("the answer was lost once");
        (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(Jpeg());
        (await _desk.BlobsAsync()).ShouldHaveSingleItem();
        (await _desk.OpenNotesAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_paper_whose_row_was_deleted_and_answered_as_gone_leaves_nothing()
    {
        await _desk.KeepAsync(Png());
        AnswerOnceAsOvertaken("/document-licence", ".Delete ");

        (await _desk.Store.RemoveAsync(_desk.Merchant, DocumentKind.Licence, CancellationToken.None)).ShouldNotBeNull();

        _desk.Tables.AfterOperation.ShouldBeNull("the answer was lost once");
        await _desk.ShouldHoldNothingAsync();
    }

    [Fact]
    public async Task A_paper_stays_when_the_application_is_handed_in_before_it_is_taken_away()
    {
        await _desk.KeepAsync(Png());
        _desk.Tables.BeforeOperation = operation =>
        {
            _desk.Tables.BeforeOperation = null;
            return _desk.FileAsync("submitted");
        };

        (await _desk.Store.RemoveAsync(_desk.Merchant, DocumentKind.Licence, CancellationToken.None)).ShouldBeNull();

        (await _desk.KeptAsync(DocumentKind.Licence)).ShouldBe(Png());
        (await _desk.OpenNotesAsync()).ShouldBe(0);
    }

    /// <summary>A write takes effect, its answer is lost, and the client below sends it again.</summary>
    private void AnswerOnceAsOvertaken(string row, string kind) => _desk.Tables.AfterOperation = operation =>
    {
        if (!operation.Contains(row, StringComparison.Ordinal) || !operation.Contains(kind, StringComparison.Ordinal))
            return Task.CompletedTask;
        _desk.Tables.AfterOperation = null;
        throw new global::Azure.RequestFailedException(412, "overtaken");
    };

    private async Task SweepAfterAnHourAsync()
    {
        // By now the note may be an hour old and the blob not yet: both are looked at again.
        _desk.Clock.Passed = TimeSpan.FromMinutes(60);
        await _desk.SweepAsync();
        _desk.Clock.Passed = TimeSpan.FromMinutes(62);
        await _desk.SweepAsync();
    }

    /// <summary>The process is gone before its n-th I/O with the tables, or after it, which is before the next with the blobs.</summary>
    private void KillAt(int step, bool isBefore)
    {
        var taken = 0;
        _killed = false;
        _desk.Tables.BeforeOperation = operation =>
        {
            if (_killed || (isBefore && ++taken == step))
                throw Kill(operation);
            return Task.CompletedTask;
        };
        _desk.Tables.AfterOperation = operation => !isBefore && ++taken == step ? throw Kill(operation) : Task.CompletedTask;
    }

    private Killed Kill(string operation)
    {
        _killed = true;
        return new(operation);
    }

    private bool NobodyIsKilled()
    {
        (_desk.Tables.BeforeOperation, _desk.Tables.AfterOperation) = (null, null);
        return _killed;
    }
}
