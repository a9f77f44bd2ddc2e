using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Tests.Settings;

public sealed class PeriodsTests
{
    [Theory]
    [InlineData("500ms", 500, "500ms")]
    [InlineData("2s", 2_000, "2s")]
    [InlineData("1.5s", 1_500, "1500ms")]
    [InlineData("90m", 5_400_000, "90m")]
    [InlineData("1d", 86_400_000, "1d")]
    [InlineData("00:00:02", 2_000, "2s")]
    [InlineData("1.00:00:00", 86_400_000, "1d")]
    [InlineData("00:00:00.250", 250, "250ms")]
    [InlineData("0s", 0, "0s")]
    [InlineData("0.1ms", 0.1, "0.1ms")]
    public void Parse_WhatOperatorsWrite_IsReadAndFormatted(string text, double milliseconds, string formatted)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Periods.Parse(text));
        Assert.Equal(formatted, Periods.Format(Periods.Parse(text)!.Value));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("1e3s")]
    [InlineData("99999999999s")]
    [InlineData("5:0")]
    public void Parse_WithoutAUnitOrSense_IsRefused(string text) => Assert.Null(Periods.Parse(text));
}
