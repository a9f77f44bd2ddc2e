using System.Security.Cryptography;
using System.Text;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Budgets;

namespace Gateway.Policies.Tests.Expressions.Context;

public sealed class CredentialTests
{
    // {"alg":"RS256","typ":"JWT"} . {"iss":"me","sub":"you","aud":"all","jti":"1","exp":1700000000,"nbf":1600000000.5,"iat":"x","n":5,"o":{"a":1},"roles":["a","b"]}
    private const string Token =
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJtZSIsInN1YiI6InlvdSIsImF1ZCI6ImFsbCIsImp0aSI6IjEiLCJleHAiOjE3MDAwMDAwMDAsIm5iZiI6MTYwMDAwMDAwMC41LCJpYXQiOiJ4IiwibiI6NSwibyI6eyJhIjoxfSwicm9sZXMiOlsiYSIsImIiXX0.c2ln";

    [Fact]
    public void AsJwt_Token_GivesWhatStandsInIt()
    {
        var token = InCall(() => Token.AsJwt())!;

        Assert.Equal(("RS256", "JWT", "me", "you", "1"), (token.Algorithm, token.Type, token.Issuer, token.Subject, token.Id));
        Assert.Equal(["all"], token.Audiences);
        Assert.Equal(new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc), token.ExpirationTime);
        Assert.Equal(DateTimeKind.Utc, token.ExpirationTime!.Value.Kind);
        Assert.Equal((true, false), (token.NotBefore.HasValue, token.IssuedAt.HasValue));
        Assert.Equal(("a,b", "5", "{\"a\":1}", null), (
            token.Claims.GetValueOrDefault("roles"), token.Claims.GetValueOrDefault("n"), token.Claims.GetValueOrDefault("o"), token.Claims.GetValueOrDefault("none")));
        Assert.True(InCall(() => Token.TryParseJwt(out _)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("Bearer " + Token)]
    [InlineData("e30.e30.!")]
    [InlineData("W10.e30.")]
    [InlineData("e30.W10.")]
    [InlineData("e30.eyJhIjoiXHVkODAwIn0.")]
    [InlineData("e30.e30.e30.e30.e30")]
    public void AsJwt_NoToken_GivesNull(string? text)
    {
        Assert.Null(InCall(() => text.AsJwt()));
        Assert.False(InCall(() => text.TryParseJwt(out _)));
    }

    [Fact]
    public void AsJwt_LongOrDeepToken_GivesNull()
    {
        static string Part(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

        Assert.Null(InCall(() => $"e30.{Part($"{{\"a\":\"{new string('x', 70_000)}\"}}")}.".AsJwt()));
        Assert.Null(InCall(() => $"e30.{Part($"{{\"a\":{new string('[', 50)}{new string(']', 50)}}}")}.".AsJwt()));
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz", "user", "pass")]
    [InlineData("basic  dXNlcjpwYTpzcw== ", "user", "pa:ss")]
    [InlineData("Basic Og==", "", "")]
    public void AsBasic_Header_GivesBoth(string header, string user, string password)
    {
        var credentials = InCall(() => header.AsBasic())!;

        Assert.Equal((user, password), (credentials.UserId, credentials.Password));
        Assert.True(InCall(() => header.TryParseBasic(out _)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer dXNlcjpwYXNz")]
    [InlineData("Basic dXNlcg==")]
    [InlineData("Basic %")]
    public void AsBasic_OtherHeader_GivesNull(string? header)
    {
        Assert.Null(InCall(() => header.AsBasic()));
        Assert.False(InCall(() => header.TryParseBasic(out _)));
    }

    [Theory]
    [InlineData("Aes", 32, 16)]
    [InlineData("Rijndael", 16, 16)]
    [InlineData("tripledes", 24, 8)]
    [InlineData("DES", 8, 8)]
    public void Encrypt_Bytes_AreDecryptedAgain(string algorithm, int key, int vector)
    {
        byte[] plain = [1, 2, 3];
        var (keyBytes, vectorBytes) = (Enumerable.Range(1, key).Select(i => (byte)(i * 7)).ToArray(), new byte[vector]);

        var cipher = InCall(() => plain.Encrypt(algorithm, keyBytes, vectorBytes));

        Assert.NotEqual(plain, cipher);
        Assert.Equal(plain, InCall(() => cipher.Decrypt(algorithm, keyBytes, vectorBytes)));
        var unknown = Assert.Throws<PolicyException>(() => InCall(() => plain.Encrypt("none", keyBytes, vectorBytes)));
        Assert.IsType<CryptographicException>(unknown.InnerException);
    }

    private static T InCall<T>(Func<T> expression) =>
        ExpressionCall.Run(_ => expression(), StubContext.Create(), new ExpressionBudget(ExpressionLimits.Default), "test");
}
