using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;
using Gateway.Grains.Federation;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;

namespace Gateway.Silo.Federation;

/// <summary>The gateway token of this site. One in a file is read again at each use, so that a renewed one counts without a restart.</summary>
internal sealed class UpstreamToken
{
    private const int MaximumLength = 4096;

    private readonly string? _text;
    private readonly string? _file;

    /// <summary>The token that the settings name.</summary>
    /// <exception cref="ExitException">They name none, or none of this product: code 2. A file may still be missing.</exception>
    public UpstreamToken(UpstreamSettings settings)
    {
        (_text, _file) = (settings.Token, settings.TokenFile);
        if (_text is null && _file is null)
        {
            throw new ExitException(
                ExitCodes.Setting,
                "Gateway:Upstream:Token or Gateway:Upstream:TokenFile must be set when Gateway:Upstream:Endpoint is: the gateway token that generateToken of the hub gave out for this site.");
        }

        if (_text is not null && GatewayToken.Parse(_text) is { IsSuccess: false } wrong)
        {
            throw new ExitException(ExitCodes.Setting, $"Gateway:Upstream:Token: {wrong.Errors[0].Message}");
        }
    }

    /// <summary>The token as it is now. No message shows it.</summary>
    public Result<PresentToken> Read()
    {
        var text = _text is null ? ReadFile() : _text;
        if (!text.IsSuccess)
        {
            return text.Errors;
        }

        var bare = text.Value.Trim();
        var token = GatewayToken.Parse(bare);
        var start = GatewayToken.Scheme + " ";
        return token.IsSuccess
            ? new PresentToken(bare.StartsWith(start, StringComparison.OrdinalIgnoreCase) ? bare[start.Length..].Trim() : bare, token.Value)
            : new GatewayError(ErrorKind.ValidationError, $"{(_file is null ? "Gateway:Upstream:Token" : $"The file {_file} of Gateway:Upstream:TokenFile")}: {token.Errors[0].Message}");
    }

    private Result<string> ReadFile()
    {
        try
        {
            using var file = File.OpenText(_file!);
            var text = new char[MaximumLength];
            return new string(text, 0, file.ReadBlock(text));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new GatewayError(ErrorKind.ValidationError, $"Gateway:Upstream:TokenFile cannot be read: {refused.Message}");
        }
    }
}
