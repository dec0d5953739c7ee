using System.ComponentModel;
using System.Diagnostics;
using Tuppence.Configuration;

namespace Tuppence.Hosting;

/// <summary>Opens a page in the user's browser, where there is a screen to open it on.</summary>
internal static class BrowserLaunch
{
    /// <summary>True where a browser that opens here is seen by the person: not in a container, not without a display, not at the far end of SSH.</summary>
    public static bool IsPossible(Surroundings surroundings) => !surroundings.InContainer && Program(surroundings) is not null;

    /// <summary>Tries once, and tells whether a program was started; a machine without a browser is no error.</summary>
    public static bool Open(string url, Surroundings surroundings)
    {
        if (!IsPossible(surroundings) || Program(surroundings) is not { } program)
        {
            return false;
        }

        try
        {
            using var started = Process.Start(new ProcessStartInfo(program, [url]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true });
            return started is not null;
        }
        catch (Win32Exception)
        {
            // No such program: whoever asked shows the address.
            return false;
        }
    }

    // A display that SSH carries along (X11 forwarding) counts as one; where there is no DISPLAY at all, the screen is elsewhere.
    private static string? Program(Surroundings surroundings) =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? (surroundings["SSH_CONNECTION"] is not null ? null : OperatingSystem.IsWindows() ? "explorer.exe" : "open")
        : surroundings["DISPLAY"] is not null || surroundings["WAYLAND_DISPLAY"] is not null ? "xdg-open"
        : null;
}
