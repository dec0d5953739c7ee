using System.Collections;
using System.Text;
using QRCoder;

namespace Tuppence.Upstreams.OAuth;

/// <summary>An address as a QR code (ISO/IEC 18004), error correction M, with its quiet zone of four modules.</summary>
public sealed class QrImage
{
    private readonly List<BitArray> modules;

    private QrImage(List<BitArray> modules) => this.modules = modules;

    /// <summary>Modules on a side, the quiet zone included.</summary>
    public int Size => modules.Count;

    /// <summary>True where the module is dark.</summary>
    public bool this[int row, int column] => row < Size && modules[row][column];

    /// <summary>The code for an address; null where it is too long to be scanned well.</summary>
    public static QrImage? Of(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AbsoluteUri.Length > 400)
        {
            return null;
        }

        using var code = QRCodeGenerator.GenerateQrCode(address.AbsoluteUri, QRCodeGenerator.ECCLevel.M);
        return new QrImage([.. code.ModuleMatrix]);
    }

    /// <summary>For a terminal: two rows of modules a line, light on dark or dark on light alike, since cameras read both.</summary>
    public string ToTerminal()
    {
        var text = new StringBuilder();
        for (var row = 0; row < Size; row += 2)
        {
            for (var column = 0; column < Size; column++)
            {
                // Light modules are drawn, for the dark background that most terminals have.
                text.Append((this[row, column], row + 1 >= Size || this[row + 1, column]) switch
                {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    _ => ' ',
                });
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>For a page: an SVG without style or script.</summary>
    public string ToSvg()
    {
        var path = new StringBuilder();
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                if (this[row, column])
                {
                    path.Append($"M{column} {row}h1v1h-1z");
                }
            }
        }

        return $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Size} {Size}\" width=\"220\" height=\"220\" role=\"img\" aria-label=\"QR code of the address\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{Size}v{Size}H0z\"/><path d=\"{path}\"/></svg>";
    }
}
