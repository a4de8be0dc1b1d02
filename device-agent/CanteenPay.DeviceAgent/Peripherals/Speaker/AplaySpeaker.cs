using System.ComponentModel;
using System.Diagnostics;
using CanteenPay.DeviceAgent.Voice;

namespace CanteenPay.DeviceAgent.Peripherals.Speaker;

/// <summary>The machine's own sound card, by ALSA's <c>aplay</c>, a process for each utterance.</summary>
/// <param name="program">The program to run.</param>
/// <param name="time">For the limit on its time.</param>
internal sealed class AplaySpeaker(string program, TimeProvider time) : ISpeaker
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => program;

    /// <inheritdoc/>
    public bool IsPage => false;

    /// <inheritdoc/>
    public async Task PlayAsync(SpokenWords words, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(words.Duration + Slack, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var process = new Process { StartInfo = new(program) { ArgumentList = { "-q", "-t", "wav", "-" }, RedirectStandardInput = true, UseShellExecute = false } };
        try
        {
            process.Start();
            await process.StandardInput.BaseStream.WriteAsync(words.Wave, both.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(both.Token);
            if (process.ExitCode != 0)
                throw new SpeakerException($"{program} ended with code {process.ExitCode}");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            throw new SpeakerException($"{program}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SpeakerException($"{program} did not end in time", e);
        }
        finally
        {
            End(process);
        }
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It never started, or ends by itself at this moment.
        }
    }
}
