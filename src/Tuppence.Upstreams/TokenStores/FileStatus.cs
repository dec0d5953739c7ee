using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>What statx(2) tells of a file.</summary>
/// <param name="Owner">User id of its owner.</param>
/// <param name="Mode">Type and permission bits.</param>
/// <param name="Inode">Number of the file on its device.</param>
/// <param name="Device">The device.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(uint Owner, int Mode, ulong Inode, ulong Device)
{
    /// <summary>True for a plain file.</summary>
    public bool IsFile => (Mode & 0xF000) == 0x8000;

    /// <summary>True for a symbolic link.</summary>
    public bool IsLink => (Mode & 0xF000) == 0xA000;

    /// <summary>Reads <c>struct statx</c> as the Linux kernel lays it out on all architectures (include/uapi/linux/stat.h).</summary>
    public static unsafe FileStatus Read(byte* buffer) =>
        new(*(uint*)(buffer + 20), *(ushort*)(buffer + 28), *(ulong*)(buffer + 32), ((ulong)*(uint*)(buffer + 136) << 32) | *(uint*)(buffer + 140));
}
