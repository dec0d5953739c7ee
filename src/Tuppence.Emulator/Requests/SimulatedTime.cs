using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Tuppence.Emulator.Requests;

/// <summary>The header by which a test says when a request starts, so that hours of a conversation pass in seconds.</summary>
internal static class SimulatedTime
{
    /// <summary>Its name.</summary>
    public const string Header = "x-sim-time";

    private const double LastSecond = 253_402_300_799;

    /// <summary>Reads it; without it a request starts now. False where it says no time.</summary>
    public static bool TryRead(IHeaderDictionary headers, DateTimeOffset now, out DateTimeOffset at)
    {
        at = now;
        if (headers[Header].FirstOrDefault() is not { } text)
        {
            return true;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= LastSecond)
        {
            at = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
    }
}
