using System.Globalization;

namespace Tuppence.Thrift.Accounts;

/// <summary>Money for people. Everywhere else it is integer nano-dollars (10^-9 USD).</summary>
public static class Money
{
    private const long Dollar = 1_000_000_000;

    /// <summary>Dollars with a sign of loss in front: two decimals from 1 dollar on, three from 1 cent, else as many as two figures take, at most six.</summary>
    public static string Format(long nanoDollars)
    {
        var size = Math.Abs((decimal)nanoDollars);
        var decimals = size >= Dollar || size == 0 ? 2 : size >= Dollar / 100 ? 3 : size >= Dollar / 1000 ? 4 : size >= Dollar / 10_000 ? 5 : 6;
        var text = (size / Dollar).ToString($"F{decimals.ToString(CultureInfo.InvariantCulture)}", CultureInfo.InvariantCulture);
        return nanoDollars < 0 ? $"-${text}" : $"${text}";
    }
}
