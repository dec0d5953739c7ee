using System.ComponentModel;
using System.Diagnostics;
using Tuppence.Configuration;

namespace Tuppence.Hosting;

/// <summary>Opens the front page in the user's browser, where there is a screen to open it on.</summary>
internal static class BrowserLaunch
{
    /// <summary>Tries once; a machine without a browser is no error.</summary>
    public static void Open(string url, Surroundings surroundings)
    {
        var program = OperatingSystem.IsWindows() ? "explorer.exe"
            : OperatingSystem.IsMacOS() ? "open"
            : surroundings["DISPLAY"] is not null || surroundings["WAYLAND_DISPLAY"] is not null ? "xdg-open"
            : null;
        if (program is null)
        {
            return;
        }

        try
        {
            using var started = Process.Start(new ProcessStartInfo(program, [url]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            // No such program: the banner has the address.
        }
    }
}
