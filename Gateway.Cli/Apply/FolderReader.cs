using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Cli.Apply;

/// <summary>Turns a folder in the APIOps artifact layout into changes of the catalog. What it does not know it names, and never drops silently.</summary>
public sealed class FolderReader
{
    private static readonly JsonDocumentOptions _json = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private readonly List<FolderChange> _changes = [];
    private readonly List<FolderError> _errors = [];
    private readonly List<string> _warnings = [];
    private readonly FolderFiles _files;
    private readonly FolderLimits _limits;

    private FolderReader(string root, FolderLimits limits)
    {
        _files = new FolderFiles(root, limits, _errors);
        _limits = limits;
    }

    /// <summary>Reads the folder, which must exist.</summary>
    public static FolderContent Read(string root, FolderLimits? limits = null)
    {
        var reader = new FolderReader(root, limits ?? new FolderLimits());
        reader.ReadRoot();
        return new FolderContent { Changes = reader._changes, Warnings = reader._warnings, Errors = reader._errors };
    }

    private void ReadRoot()
    {
        foreach (var kind in FolderLayout.Kinds)
        {
            ReadKind(kind, kind.Folder, "/" + kind.Collection);
        }

        if (_files.Files("").Contains(FolderLayout.PolicyFile))
        {
            AddPolicy("", "");
        }

        WarnOfOthers("", file => file == FolderLayout.PolicyFile, FolderLayout.Kinds);
    }

    private void ReadKind(FolderKind kind, string folder, string collection)
    {
        if (!_files.Folders(Path.GetDirectoryName(folder) ?? "").Contains(Path.GetFileName(folder)))
        {
            return;
        }

        foreach (var id in _files.Folders(folder))
        {
            var path = $"{folder}/{id}";
            if (kind.HasSpecification && id.Contains(";rev=", StringComparison.OrdinalIgnoreCase))
            {
                _warnings.Add($"{path}: revisions are not supported by this version; the folder is left out.");
                continue;
            }

            ReadResource(kind, path, $"{collection}/{id}");
        }

        foreach (var file in _files.Files(folder))
        {
            WarnOfFile(folder, file);
        }
    }

    private void ReadResource(FolderKind kind, string folder, string id)
    {
        var files = _files.Files(folder).ToArray();
        var specifications = kind.HasSpecification ? files.Where(ApiSpecification.IsNamedSo).ToArray() : [];

        if (kind.IsDocument)
        {
            AddDocument(kind, folder, id, files);
        }
        else if (kind.Information is not null && files.Contains(kind.Information))
        {
            AddInformation(kind, folder, id, specifications);
        }
        else if (specifications.Length > 0)
        {
            _errors.Add(new FolderError($"{folder}/{specifications[0]}", $"A specification needs {kind.Information} beside it."));
        }

        if (kind.HasPolicy && files.Contains(FolderLayout.PolicyFile))
        {
            AddPolicy(folder + "/", id);
        }

        foreach (var child in kind.Children)
        {
            ReadKind(child, $"{folder}/{child.Folder}", $"{id}/{child.Collection}");
        }

        WarnOfOthers(
            folder,
            file => file == kind.Information || specifications.Contains(file) || ((kind.HasPolicy || kind.IsDocument) && file == FolderLayout.PolicyFile),
            kind.Children);
    }

    private void AddInformation(FolderKind kind, string folder, string id, string[] specifications)
    {
        var file = $"{folder}/{kind.Information}";
        if (Properties(file, kind.IsLink) is not { } properties)
        {
            return;
        }

        string? specification = null;
        if (specifications.Length > 0)
        {
            specification = $"{folder}/{specifications[0]}";
            if (specifications.Length > 1)
            {
                _errors.Add(new FolderError(specification, $"There is more than one specification: {string.Join(", ", specifications)}."));
                return;
            }

            if (!ApiSpecification.IsSupported(specification))
            {
                _warnings.Add($"{specification}: this kind of specification is not supported by this version; the API gets no operations from it.");
                specification = null;
            }
            else if (_files.Read(specification, _limits.SpecificationBytes) is { } text)
            {
                properties["format"] = ApiSpecification.Format(specification, text);
                properties["value"] = text;
            }
        }

        _changes.Add(new FolderChange(id, properties, file, specification));
    }

    /// <summary>The document is what the resource is; the information file, which may say more, need not be there.</summary>
    private void AddDocument(FolderKind kind, string folder, string id, string[] files)
    {
        var file = $"{folder}/{FolderLayout.PolicyFile}";
        if (!files.Contains(FolderLayout.PolicyFile))
        {
            _errors.Add(new FolderError(file, "The file with the document is missing."));
            return;
        }

        var information = $"{folder}/{kind.Information}";
        var properties = files.Contains(kind.Information) ? Properties(information, isLink: true) : [];
        if (properties is not null && _files.Read(file, _limits.FileBytes) is { } text)
        {
            properties["format"] = "rawxml";
            properties["value"] = text;
            _changes.Add(new FolderChange(id, properties, file));
        }
    }

    private JsonObject? Properties(string file, bool isLink)
    {
        if (_files.Read(file, _limits.FileBytes) is not { } text)
        {
            return null;
        }

        try
        {
            var root = JsonNode.Parse(text, documentOptions: _json) as JsonObject;
            if (root?["properties"] is JsonObject properties)
            {
                return properties.DeepClone().AsObject();
            }

            if (isLink && root is { Count: 0 })
            {
                return [];
            }

            _errors.Add(new FolderError(file, "The file must hold an object with the object \"properties\"."));
        }
        catch (JsonException exception)
        {
            _errors.Add(new FolderError(file, $"The file is not JSON: {exception.Message}"));
        }

        return null;
    }

    private void AddPolicy(string prefix, string id)
    {
        var file = prefix + FolderLayout.PolicyFile;
        if (_files.Read(file, _limits.FileBytes) is { } text)
        {
            _changes.Add(new FolderChange($"{id}/policies/policy", new JsonObject { ["format"] = "rawxml", ["value"] = text }, file));
        }
    }

    private void WarnOfOthers(string folder, Func<string, bool> isKnown, IReadOnlyList<FolderKind> children)
    {
        foreach (var name in _files.Folders(folder).Where(name => children.All(child => child.Folder != name)))
        {
            _warnings.Add($"{Path.Combine(folder, name)}: this folder is not supported by this version; it is left out.");
        }

        foreach (var file in _files.Files(folder).Where(file => !isKnown(file)))
        {
            WarnOfFile(folder, file);
        }
    }

    private void WarnOfFile(string folder, string file)
    {
        if (!file.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
        {
            _warnings.Add($"{Path.Combine(folder, file)}: this file is not part of the layout; it is left out.");
        }
    }
}
