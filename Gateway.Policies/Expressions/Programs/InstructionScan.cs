using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Gateway.Policies.Expressions.Programs;

/// <summary>Goes through the instructions of a method.</summary>
internal static class InstructionScan
{
    private static readonly Dictionary<ushort, OpCode> _codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .Where(code => code.OpCodeType != OpCodeType.Nternal)
        .ToDictionary(code => (ushort)code.Value);

    private static readonly HashSet<string> _refused =
    [
        "calli", "jmp", "localloc", "cpblk", "initblk", "mkrefany", "refanyval", "refanytype", "arglist", "cpobj", "unaligned.", "volatile.", "break", "sizeof",
        "ldind.i", "stind.i", "conv.i", "conv.ovf.i", "conv.ovf.i.un", "conv.ovf.u", "conv.ovf.u.un",
    ];

    /// <summary>Tells the tokens of everything that the code names.</summary>
    /// <returns>The name of an instruction that no expression needs; null when there is none.</returns>
    public static string? Run(BlobReader code, Action<int> names)
    {
        string? refused = null;
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            value = value == 0xFE ? (ushort)(0xFE00 | code.ReadByte()) : value;
            if (!_codes.TryGetValue(value, out var instruction))
            {
                return $"0x{value:x}";
            }

            switch (instruction.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    var token = code.ReadInt32();
                    names(token);
                    refused ??= instruction.Name == "ldtoken" && token >> 24 != 0x04 ? "ldtoken" : null;
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset = checked(code.Offset + (4 * targets));
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.ReadByte();
                    break;
                case OperandType.InlineVar:
                    code.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.ReadInt64();
                    break;
                default:
                    code.ReadInt32();
                    break;
            }

            refused ??= _refused.Contains(instruction.Name!) ? instruction.Name : null;
        }

        return refused;
    }
}
