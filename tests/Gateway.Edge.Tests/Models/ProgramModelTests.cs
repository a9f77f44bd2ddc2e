using System.Runtime.CompilerServices;
using Gateway.Contracts.Publications;
using Gateway.Edge.Models;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Edge.Tests.Models;

public sealed class ProgramModelTests
{
    [Fact]
    public void Apis_with_the_same_program_share_it_and_a_change_of_one_loads_nothing()
    {
        var program = ProgramImage.Of("k", 1, "one", "two");
        var before = Build(new TestPublication { Apis = [Api("a", "k"), Api("b", "k")], Programs = [program] }, null);

        var after = Build(new TestPublication { Number = 2, Apis = [Api("a", "k") with { DisplayName = "changed" }, Api("b", "k")], Programs = [program] }, before);

        var loaded = Assert.Single(Programs(before));
        Assert.Same(loaded, Assert.Single(Programs(after)));
        Assert.Same(loaded, after.FindApi("a")!.Documents.Values.Single().Program);
        Assert.Equal("two", loaded.Bind<string>(1)(null!));
        Assert.Equal(typeof(string), loaded.ResultOf(0));
    }

    [Fact]
    public void Global_document_and_apis_have_programs_of_their_own()
    {
        var model = Build(
            new TestPublication
            {
                Apis = [Api("a", "k")], Service = new ServiceChunk { ServiceName = "s", Policy = PolicyXml.OfProgram("g") }, Programs = [ProgramImage.Of("k", 1, "x"), ProgramImage.Of("g", 1, "y")],
            },
            null);

        Assert.Equal(["x", "y"], Programs(model).Select(program => program.Bind<string>(0)(null!)).Order());
    }

    [Fact]
    public void Program_that_is_missing_or_damaged_keeps_the_publication_out()
    {
        var missing = PublicationBuilder.Build(new TestPublication { Apis = [Api("a", "k")], Programs = [ProgramImage.Of("other", 1, "x")] }.Build(), null);
        Assert.Contains("lacks program k", Assert.Single(missing.Errors).Message, StringComparison.Ordinal);

        var damaged = PublicationBuilder.Build(new TestPublication { Apis = [Api("a", "k")], Programs = [new ProgramChunk { Key = "k", Abi = 1, Image = [1, 2, 3] }] }.Build(), null);
        Assert.Contains("In program k.1", Assert.Single(damaged.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_of_another_abi_take_the_place_of_those_in_force_for_what_is_built_anew()
    {
        var before = Build(new TestPublication { Apis = [Api("a", "k"), Api("b", "k")], Programs = [ProgramImage.Of("k", 1, "of 1")] }, null);

        var after = Build(new TestPublication { Number = 2, Apis = [Api("a", "k"), Api("b", "k") with { DisplayName = "changed" }], Programs = [ProgramImage.Of("k", 2, "of 2")] }, before);

        Assert.Same(before.FindApi("a"), after.FindApi("a"));
        Assert.Equal("of 2", after.FindApi("b")!.Documents.Values.Single().Program!.Bind<string>(0)(null!));
    }

    [Fact]
    public void Programs_that_no_model_uses_give_their_memory_back_and_one_that_a_request_uses_stays()
    {
        var holder = new PublicationHolder();
        var loaded = new List<WeakReference>();
        var (request, expression) = Replace(holder, loaded, publications: 50, heldAt: 25);

        for (var attempt = 0; attempt < 20 && loaded.Count(IsAlive) > 2; attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // The one in force and the one of the request.
        Assert.Equal(2, loaded.Count(IsAlive));
        Assert.Equal("text of 25", expression(null!));
        GC.KeepAlive(request);
    }

    // A context is alive until its assembly's memory is given back.
    private static bool IsAlive(WeakReference context) => context.IsAlive;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (PublicationModel Request, Func<IExpressionContext, string> Expression) Replace(PublicationHolder holder, List<WeakReference> loaded, int publications, int heldAt)
    {
        (PublicationModel, Func<IExpressionContext, string>)? held = null;
        for (var number = 1; number <= publications; number++)
        {
            var key = $"key-{Guid.NewGuid():n}";
            var publication = new TestPublication { Number = number, Apis = [Api("a", key)], Programs = [ProgramImage.Of(key, 1, $"text of {number}")] };
            Assert.True(holder.ApplyAsync(publication.Build(), CancellationToken.None).IsCompletedSuccessfully);
            Assert.Equal(number, holder.Current!.Id.Number);
            var program = Programs(holder.Current!).Single();
            var expression = program.Bind<string>(0);
            Assert.Equal($"text of {number}", expression(null!));
            loaded.Add(new WeakReference(System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(expression.Method.Module.Assembly)));
            if (number == heldAt)
            {
                held = (holder.Current!, expression);
            }
        }

        return held!.Value;
    }

    private static IEnumerable<LoadedProgram> Programs(PublicationModel model) => model.Pages.SelectMany(page => page.Programs.Values);

    private static ApiChunk Api(string id, string program) => TestPublication.Api(id, null) with { Policy = PolicyXml.OfProgram(program) };

    private static PublicationModel Build(TestPublication publication, PublicationModel? before)
    {
        var built = PublicationBuilder.Build(publication.Build(), before);
        Assert.True(built.IsSuccess, string.Join('\n', built.Errors.Select(error => error.Message)));
        return built.Value;
    }
}
