using System.Net;
using Tuppence.Configuration.Loading;
using Tuppence.Configuration.Rules;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Unit.Configuration;

public sealed class RuleTests
{
    [Theory]
    [InlineData("https://api.anthropic.com")]
    [InlineData("https://llm.example:8443/anthropic/")]
    [InlineData("https://192.168.1.5")]
    [InlineData("http://127.0.0.1:9000")]
    [InlineData("http://localhost:9000/v1")]
    [InlineData("http://api.localhost")]
    [InlineData("http://[::1]:9000")]
    [InlineData("http://127.8.9.10")]
    public void Upstreams_are_https_or_loopback(string url) => Assert.Null(UrlRules.Upstream(url));

    [Theory]
    [InlineData("http://llm.example")]
    [InlineData("http://192.168.1.5:8000")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("ftp://llm.example")]
    [InlineData("llm.example")]
    [InlineData("//llm.example")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://")]
    [InlineData("https://user:pass@llm.example")]
    [InlineData("https://key@llm.example")]
    [InlineData("https://llm.example?x=1")]
    [InlineData("https://llm.example/?")]
    [InlineData("https://llm.example#x")]
    [InlineData("https://llm.example\\@evil.example")]
    [InlineData(" https://llm.example")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("http://169.254.169.254")]
    [InlineData("https://2852039166")]
    [InlineData("https://0xa9fea9fe")]
    [InlineData("https://[fd00:ec2::254]")]
    [InlineData("https://[fe80::1]")]
    [InlineData("https://[::ffff:169.254.169.254]")]
    [InlineData("https://0.0.0.0")]
    [InlineData("https://[::]")]
    [InlineData("https://metadata.google.internal")]
    [InlineData("https://METADATA.google.internal.")]
    [InlineData("https://100.100.100.200")]
    [InlineData("https://168.63.129.16")]
    [InlineData("https://224.0.0.1")]
    public void Other_upstream_URLs_are_refused_without_repeating_them(string url)
    {
        var refusal = UrlRules.Upstream(url);
        Assert.NotNull(refusal);
        Assert.DoesNotContain("user:pass", refusal.Problem + refusal.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("localhost", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("192.168.1.5", true)]
    [InlineData("fe80::1%eth0", true)]
    [InlineData("[::1]", false)]
    [InlineData("*", false)]
    [InlineData("1", false)]
    [InlineData("127.1", false)]
    [InlineData("127.0.0.01", false)]
    [InlineData("my-machine", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("", false)]
    public void Listening_takes_an_address_or_localhost(string host, bool accepted) => Assert.Equal(accepted, HostRules.Listen(host) is null);

    [Theory]
    [InlineData("https://chat.example", true)]
    [InlineData("http://localhost:8000", true)]
    [InlineData("tauri://localhost", true)]
    [InlineData("chrome-extension://abcdefgh", true)]
    [InlineData("https://chat.example/", false)]
    [InlineData("https://chat.example:443", false)]
    [InlineData("https://Chat.example", false)]
    [InlineData("https://chat.example/path", false)]
    [InlineData("https://u@chat.example", false)]
    [InlineData("*", false)]
    [InlineData("https://*.example", false)]
    [InlineData("null", false)]
    [InlineData("chat.example", false)]
    [InlineData("file://", false)]
    public void Origins_are_exact(string origin, bool accepted) => Assert.Equal(accepted, HostRules.Origin(origin) is null);

    [Theory]
    [InlineData("tuppence.lan", true)]
    [InlineData("192.168.1.5", true)]
    [InlineData("[fd00::1]", true)]
    [InlineData("*.lan", false)]
    [InlineData("tuppence.lan:42069", false)]
    [InlineData("http://tuppence.lan", false)]
    [InlineData("", false)]
    public void Allowed_hosts_are_names_without_port(string host, bool accepted) => Assert.Equal(accepted, HostRules.Allowed(host) is null);

    [Theory]
    [InlineData("x-team", "library", true)]
    [InlineData("bad name", "x", false)]
    [InlineData("x-team", "a\r\nb: c", false)]
    [InlineData("Host", "x", false)]
    [InlineData("X-Api-Key", "x", false)]
    [InlineData("authorization", "x", false)]
    [InlineData("", "x", false)]
    public void Headers_are_tokens_that_nobody_else_sets(string name, string value, bool accepted) =>
        Assert.Equal(accepted, NameRules.Header(name, value) is null);

    [Theory]
    [InlineData("https://a.example", "a.example", true)]
    [InlineData("https://x.a.example", ".a.example", true)]
    [InlineData("https://x.a.example", "*.a.example", true)]
    [InlineData("https://xa.example", "a.example", false)]
    [InlineData("https://a.example", "b.example, *", true)]
    [InlineData("https://10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("https://11.1.2.3", "10.0.0.0/8", false)]
    [InlineData("https://a.example:8443", "a.example:443", false)]
    [InlineData("https://a.example", "a.example:443", true)]
    [InlineData("https://localhost", "", true)]
    public void The_customary_list_exempts_hosts_from_the_proxy(string url, string list, bool exempt) =>
        Assert.Equal(exempt, ProxyVariables.IsExempt(new Uri(url), list));

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("93.184.216.34", false)]
    [InlineData("169.254.1.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("255.255.255.255", true)]
    public void No_credential_goes_to_link_local_addresses(string address, bool forbidden) =>
        Assert.Equal(forbidden, AddressRules.IsForbidden(IPAddress.Parse(address)));
}
