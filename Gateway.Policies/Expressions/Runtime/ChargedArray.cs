namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <c>Array.Resize</c>.</summary>
public static class ChargedArray
{
    /// <summary><c>Array.Resize(ref array, length)</c>.</summary>
    public static void Resize<T>(ref T[]? array, int newSize) => Array.Resize(ref array, Budget.Length<T>(newSize));
}
