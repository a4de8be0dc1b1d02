using CanteenPay.DeviceAgent.Settings;

namespace CanteenPay.DeviceAgent.Peripherals.Speaker;

/// <summary>Who speaks: the sound card if there is one and the program to reach it, else the page.</summary>
internal static class SpeakerChoice
{
    private const string Cards = "/proc/asound/cards";
    private const string Program = "aplay";

    /// <summary>The speaker that the setting asks for.</summary>
    public static ISpeaker Of(VoiceOutput output, TimeProvider time) => output switch
    {
        VoiceOutput.Aplay => new AplaySpeaker(Program, time),
        VoiceOutput.Page => new PageSpeaker(time),
        VoiceOutput.None => new NoSpeaker(),
        _ => HasSoundCard() && HasProgram() ? new AplaySpeaker(Program, time) : new PageSpeaker(time),
    };

    /// <summary>The file names each card with its number; without one it says "--- no soundcards ---".</summary>
    private static bool HasSoundCard() => File.Exists(Cards) && File.ReadAllText(Cards).Any(char.IsAsciiDigit);

    private static bool HasProgram() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Program)));
}
