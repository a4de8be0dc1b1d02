using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CanteenPay.Benchmarks.Taps;

/// <summary>The floor of a durable tap: bytes appended to a growing file, on the disk when it returns.</summary>
internal sealed partial class GrowingFile(string path, byte[] bytes) : IDisposable
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
    private long _length;

    /// <summary>Appends the bytes and waits for the disk.</summary>
    public void Append()
    {
        RandomAccess.Write(_file, bytes, _length);
        _length += bytes.Length;
        if (DataSync(_file) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "fdatasync");
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);
}
