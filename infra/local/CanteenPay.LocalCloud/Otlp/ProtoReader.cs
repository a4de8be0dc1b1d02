using System.Buffers.Binary;
using System.Text;

namespace CanteenPay.LocalCloud.Otlp;

/// <summary>Reads the fields of one protobuf message, one after another; what is not asked for is passed over.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _kind;
    private ulong _number;
    private ReadOnlySpan<byte> _content;

    /// <summary>The number of the field at which it stands.</summary>
    internal int Field { get; private set; }

    internal readonly long Long => (long)_number;

    internal readonly ulong Unsigned => _number;

    internal readonly double Double => BitConverter.UInt64BitsToDouble(_number);

    internal readonly string Text => Encoding.UTF8.GetString(_content);

    internal readonly string Hex => Convert.ToHexStringLower(_content);

    internal readonly ProtoReader Message => new(_content);

    /// <summary>The numbers of a packed field, or the one of a field that is not packed.</summary>
    internal readonly ulong[] Numbers
    {
        get
        {
            if (_kind != Delimited)
                return [_number];
            var numbers = new ulong[_content.Length / sizeof(ulong)];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = BinaryPrimitives.ReadUInt64LittleEndian(_content[(i * sizeof(ulong))..]);
            return numbers;
        }
    }

    /// <summary>Goes to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">It is no protobuf message.</exception>
    internal bool Next()
    {
        if (_at == _bytes.Length)
            return false;
        var tag = ReadVarint();
        (Field, _kind) = ((int)(tag >> 3), (int)(tag & 7));
        switch (_kind)
        {
            case Varint:
                _number = ReadVarint();
                break;
            case Fixed64:
                _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
                break;
            case Delimited:
                _content = Take(ReadVarint());
                break;
            case Fixed32:
                _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
                break;
            default:
                throw new InvalidDataException($"A field of the kind {_kind} is none that protobuf has.");
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at))
            throw new InvalidDataException("The message ends in the middle of a field.");
        var taken = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    private ulong ReadVarint()
    {
        const int longest = 70;
        ulong value = 0;
        for (var shift = 0; shift < longest; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number does not end.");
    }
}
