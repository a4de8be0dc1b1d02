namespace CanteenPay.Mqtt.Interop;

/// <summary>MQTT 5 properties of one packet, in the library's memory.</summary>
internal ref struct PropertyList
{
    private nint _list;

    internal readonly nint Pointer => _list;

    internal void Add(int id, uint value) => Codes.ThrowIfFailed($"property {id}", NativeMethods.mosquitto_property_add_int32(ref _list, id, value));

    /// <summary>The library owns the list from now on (a will's properties).</summary>
    internal void Release() => _list = 0;

    public void Dispose()
    {
        if (_list != 0)
        {
            NativeMethods.mosquitto_property_free_all(ref _list);
        }
    }
}
