using System.Globalization;

namespace CanteenPay.LocalCloud.Otlp;

/// <summary>Reads attributes; values as text.</summary>
internal static class OtlpAttributes
{
    internal const string ServiceName = "service.name";

    internal const string Instance = "service.instance.id";

    /// <summary>Of a <c>Resource</c>.</summary>
    internal static Dictionary<string, string> OfResource(ProtoReader resource)
    {
        Dictionary<string, string> attributes = new(StringComparer.Ordinal);
        while (resource.Next())
        {
            if (resource.Field == 1)
                Add(resource.Message, attributes);
        }

        return attributes;
    }

    /// <summary>Adds a <c>KeyValue</c>.</summary>
    internal static void Add(ProtoReader pair, Dictionary<string, string> attributes)
    {
        string key = "", value = "";
        while (pair.Next())
        {
            if (pair.Field == 1)
                key = pair.Text;
            else if (pair.Field == 2)
                value = Value(pair.Message);
        }

        attributes[key] = value;
    }

    private static string Value(ProtoReader value)
    {
        while (value.Next())
        {
            switch (value.Field)
            {
                case 1:
                    return value.Text;
                case 2:
                    return value.Long == 0 ? "false" : "true";
                case 3:
                    return value.Long.ToString(CultureInfo.InvariantCulture);
                case 4:
                    return value.Double.ToString(CultureInfo.InvariantCulture);
            }
        }

        return "";
    }
}
