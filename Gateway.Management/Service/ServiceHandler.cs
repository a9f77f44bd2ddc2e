using Gateway.Management.Errors;
using Gateway.Management.Requests;

namespace Gateway.Management.Service;

/// <summary>Answers for the service itself.</summary>
internal sealed class ServiceHandler(ManagementOptions options)
{
    /// <summary>The service as an ARM resource.</summary>
    public Answer Describe(ManagementCall call) => Answer.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Address.Prefix);
        writer.WriteString("name", options.ServiceName);
        writer.WriteString("type", "Microsoft.ApiManagement/service");
        writer.WriteString("location", options.Location);
        writer.WriteStartObject("properties");
        writer.WriteString("provisioningState", "Succeeded");
        if (options.GatewayUrl is { } url)
        {
            writer.WriteString("gatewayUrl", url);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
