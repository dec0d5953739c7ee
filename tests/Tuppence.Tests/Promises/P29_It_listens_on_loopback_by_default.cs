using System.Globalization;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>
/// P29: without being told otherwise the gateway can be reached from this machine only. Which addresses need a gateway key is the
/// table of <see cref="Unit.Configuration.ExposureTests"/>; here the sockets themselves are looked at.
/// </summary>
public sealed class P29_It_listens_on_loopback_by_default
{
    private const string Listening = "0A";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Its_socket_is_bound_to_loopback_alone(string host)
    {
        await using var gateway = await TestGateway.StartAsync(change: config => config with { Host = host });

        // proc(5): addresses are in hex, IPv4 in the byte order of the machine.
        Assert.Equal(["0100007F"], AddressesListeningOn(gateway.Port));
    }

    [Fact]
    public async Task So_is_that_of_the_program_as_a_user_starts_it()
    {
        await using var gateway = await GatewayProcess.StartAsync();

        Assert.Equal(["0100007F"], AddressesListeningOn(gateway.Port));
    }

    [Fact]
    public async Task The_built_in_emulator_listens_nowhere()
    {
        await using var gateway = await TestGateway.StartAsync();
        var before = AllListening();

        Assert.Equal("emulator", (await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}"""))["x-tuppence-upstream"]);

        Assert.DoesNotContain(AllListening().Except(before), static socket => !socket.Address.EndsWith("0100007F", StringComparison.Ordinal));
    }

    private static string[] AddressesListeningOn(int port) => [.. AllListening().Where(socket => socket.Port == port).Select(static socket => socket.Address)];

    private static List<(string Address, int Port)> AllListening() =>
        [.. new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .SelectMany(static file => File.ReadLines(file).Skip(1))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(static columns => columns[3] == Listening)
            .Select(static columns => columns[1].Split(':'))
            .Select(static local => (local[0], int.Parse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];
}
