namespace CanteenPay.DeviceAgent;

/// <summary>Files inside the executable: a machine cannot lose its page or its voice.</summary>
internal static class EmbeddedFile
{
    /// <summary>The file of this name, <c>folder/file.ext</c>.</summary>
    /// <exception cref="FileNotFoundException">There is none: a mistake in the project file.</exception>
    public static byte[] Read(string name)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"'{name}' is not inside the executable.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
