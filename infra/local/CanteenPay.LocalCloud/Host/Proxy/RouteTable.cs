using CanteenPay.LocalCloud.Host.Apps;
using Microsoft.AspNetCore.Routing.Template;

namespace CanteenPay.LocalCloud.Host.Proxy;

/// <summary>Which function a request through the front door is for: the routes of function.json and nothing else.</summary>
internal sealed class RouteTable(IEnumerable<FunctionDefinition> functions)
{
    private const int MaxDecodings = 4;

    private readonly List<(FunctionDefinition Function, HttpTrigger Trigger, TemplateMatcher Matcher)> _routes =
    [
        .. functions.Where(static f => f.Trigger is HttpTrigger).Select(static f =>
            (f, (HttpTrigger)f.Trigger, new TemplateMatcher(TemplateParser.Parse(((HttpTrigger)f.Trigger).Route), []))),
    ];

    /// <summary>Null is 404, also for a method that the route does not take. <c>rawTarget</c> is the request line's target as it came, <c>path</c> its path decoded by the server.</summary>
    public FunctionDefinition? Find(string method, string rawTarget, PathString path)
    {
        // The handler decodes and shortens paths by itself. What could mean one path here and another one there is nobody's route.
        if (!rawTarget.StartsWith('/') || ClimbsOut(rawTarget.Split('?', 2)[0]))
            return null;
        foreach (var (function, trigger, matcher) in _routes)
        {
            if (matcher.TryMatch(path, []) && (trigger.Methods.Count == 0 || trigger.Methods.Contains(method, StringComparer.OrdinalIgnoreCase)))
                return function;
        }
        return null;
    }

    private static bool ClimbsOut(string path)
    {
        for (var i = 0; i < MaxDecodings; i++)
        {
            if (path.Split('/', '\\').Any(static segment => segment is "." or ".."))
                return true;
            var decoded = Uri.UnescapeDataString(path);
            if (decoded == path)
                return false;
            path = decoded;
        }
        return true;
    }
}
