using Gateway.PolicyCompiler.Programs;
using Documents = Gateway.Policies.Documents;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Trees whose slots are those of a program that they share with other documents.</summary>
internal static class SharedSlots
{
    /// <summary>A serialised tree with the slots of a program in place of its own.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="slots">The texts of its own slots by their numbers.</param>
    /// <param name="program">Has all of them.</param>
    public static string Number(string tree, IReadOnlyList<string> slots, ProgramSource program)
    {
        // Equal texts are equal programs with equal numbers: the tree of a document that stands alone is right as it is.
        return slots.Count == program.Slots.Count
            ? tree
            : Documents.PolicyTree.Deserialize(tree).WithProgram(program.Key, [.. slots.Select(text => program[text])]).Serialize();
    }
}
