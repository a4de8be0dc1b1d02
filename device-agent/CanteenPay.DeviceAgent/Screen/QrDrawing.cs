using System.Globalization;
using System.Text;
using QRCoder;

namespace CanteenPay.DeviceAgent.Screen;

/// <summary>Draws a QR: error correction M, quiet zone of four modules as the standard (ISO/IEC 18004) asks, dark on light whatever the screen's colours are.</summary>
internal static class QrDrawing
{
    /// <summary>The QR of a text. One path of horizontal runs: sharp at every size, and small.</summary>
    public static QrPicture Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M, forceUtf8: true);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                var from = x;
                while (x < rows[y].Count && rows[y][x])
                    x++;
                if (x > from)
                    path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
            }
        }

        return new(rows.Count, path.ToString());
    }
}
