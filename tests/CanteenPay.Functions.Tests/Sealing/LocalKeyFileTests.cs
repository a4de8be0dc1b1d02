using CanteenPay.Functions.Operations;
using CanteenPay.Functions.Sealing;

namespace CanteenPay.Functions.Tests.Sealing;

/// <summary>The key file of development.</summary>
public sealed class LocalKeyFileTests : IDisposable
{
    private static readonly byte[] DataKey = [.. Enumerable.Repeat((byte)7, SealedBytes.KeyLength)];

    private readonly string _folder = Directory.CreateTempSubdirectory("canteenpay-key-").FullName;

    private string KeyFile => Path.Combine(_folder, "state", "sealing.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_made_for_its_owner_only_and_opens_after_a_restart()
    {
        var wrapped = await LocalKeyFile.Open(KeyFile).WrapAsync(DataKey, default);

        (await LocalKeyFile.Open(KeyFile).UnwrapAsync(wrapped, default)).ShouldBe(DataKey);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(Path.GetDirectoryName(KeyFile)!).ShouldBe([KeyFile]);
    }

    [Fact]
    public void Processes_that_start_at_once_agree_on_one_key()
    {
        var opened = new LocalKeyFile[8];

        Parallel.For(0, opened.Length, n => opened[n] = LocalKeyFile.Open(KeyFile));

        opened.Select(key => key.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_file_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        LocalKeyFile.Open(KeyFile);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Should.Throw<SettingException>(() => LocalKeyFile.Open(KeyFile)).Message.ShouldContain("chmod 600");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AAAA")]
    public void A_file_that_is_no_key_is_refused_and_stays_as_it_is(string text)
    {
        LocalKeyFile.Open(KeyFile);
        File.WriteAllText(KeyFile, text);

        Should.Throw<SettingException>(() => LocalKeyFile.Open(KeyFile)).Message.ShouldContain("is not a key");
        File.ReadAllText(KeyFile).ShouldBe(text);
    }

    [Fact]
    public async Task A_key_of_a_lost_file_is_named()
    {
        var wrapped = await LocalKeyFile.Open(KeyFile).WrapAsync(DataKey, default);
        File.Delete(KeyFile);
        var anew = LocalKeyFile.Open(KeyFile);

        (await Should.ThrowAsync<SealException>(() => anew.UnwrapAsync(wrapped, default))).Message.ShouldContain(wrapped.KekId);
        await Should.ThrowAsync<SealException>(() => anew.UnwrapAsync(wrapped with { KekId = anew.Id }, default));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_said_in_words()
    {
        File.WriteAllText(Path.Combine(_folder, "state"), "in the way");

        Should.Throw<SettingException>(() => LocalKeyFile.Open(KeyFile)).Message.ShouldContain("Sealing:KeyFile");
    }
}
