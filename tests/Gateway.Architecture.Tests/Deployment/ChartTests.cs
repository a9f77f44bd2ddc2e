using System.Globalization;
using Gateway.Hosting.Settings;
using SharpYaml.Serialization;

namespace Gateway.Architecture.Tests.Deployment;

public sealed class ChartTests
{
    private static readonly string[] _builtIn = ["v1", "apps/v1"];

    [HelmFact]
    public void By_default_only_kinds_of_every_cluster_are_made() =>
        Assert.All(Chart.Render(), item => Assert.Contains(item.Text("apiVersion"), _builtIn));

    [HelmFact]
    public void Containers_listen_on_the_ports_of_the_settings()
    {
        var pods = Chart.Pods();

        Assert.Equal(["diagnostics 8082", "http 8080", "https 8443"], Ports(pods["edge"]));
        Assert.Equal(["diagnostics 8083", "management 8444", "silo 11111", "silo-gateway 30000"], Ports(pods["silo"]));
    }

    [HelmFact]
    public void Nodes_are_probed_on_the_diagnostics_port()
    {
        foreach (var container in OwnPods().Select(Chart.Container))
        {
            Assert.Equal("/healthz", Probe(container, "startupProbe"));
            Assert.Equal("/healthz", Probe(container, "livenessProbe"));
            Assert.Equal("/readyz", Probe(container, "readinessProbe"));
        }
    }

    [HelmFact]
    public void Pods_have_the_least_rights()
    {
        foreach (var pod in Chart.Pods().Values)
        {
            var security = pod.Container().Map("securityContext");

            Assert.Equal("true", pod.Map("securityContext").Text("runAsNonRoot"));
            Assert.Equal("RuntimeDefault", pod.Map("securityContext").Map("seccompProfile").Text("type"));
            Assert.Equal("false", pod.Text("automountServiceAccountToken"));
            Assert.Equal("true", security.Text("readOnlyRootFilesystem"));
            Assert.Equal("false", security.Text("allowPrivilegeEscalation"));
            Assert.Equal("ALL", Assert.Single(security.Map("capabilities").List("drop")).ToString());
        }
    }

    [HelmFact]
    public void Nodes_run_as_the_user_of_their_image() =>
        Assert.All(OwnPods(), pod => Assert.Equal("1654", pod.Map("securityContext").Text("runAsUser")));

    [HelmFact]
    public void Every_writable_path_is_a_volume() =>
        Assert.All(OwnPods(), pod => Assert.Equal(
            ["/data", "/secrets", "/tmp"],
            pod.Container().List("volumeMounts").Cast<YamlMappingNode>().Select(mount => mount.Text("mountPath")).Order(StringComparer.Ordinal)));

    [HelmFact]
    public void Kubernetes_waits_longer_than_an_edge_drains()
    {
        var edge = new EdgeSettings();
        var grace = double.Parse(Chart.Pods()["edge"].Text("terminationGracePeriodSeconds"), CultureInfo.InvariantCulture);

        Assert.True(TimeSpan.FromSeconds(grace) > edge.DrainDelay + edge.DrainTimeout);
    }

    [HelmFact]
    public void Every_setting_given_exists()
    {
        var given = OwnPods().SelectMany(pod => pod.Container().List("env").Cast<YamlMappingNode>().Select(variable => variable.Text("name")))
            .Concat(Configuration().Children.Keys.Select(key => ((YamlScalarNode)key).Value))
            .Where(name => name.StartsWith("Gateway__", StringComparison.Ordinal))
            .Distinct().ToList();

        Assert.NotEmpty(given);
        Assert.DoesNotContain(given, name => !Exists(name));
    }

    [HelmFact]
    public void Edges_find_silos_by_the_headless_service_and_know_no_store()
    {
        var items = Chart.Render();
        var headless = items.Single(item => item.Text("kind") == "Service" && item.Map("metadata").Text("name") == "site-gateway-silos");

        Assert.Equal("None", headless.Map("spec").Text("clusterIP"));
        Assert.Equal("site-gateway-silos:30000", Configuration().Text("Gateway__Edge__Silos"));
        Assert.DoesNotContain(Chart.Pods()["edge"].Container().List("env").Cast<YamlMappingNode>(), variable => variable.Text("name").Contains("Redis", StringComparison.Ordinal));
    }

    [HelmFact]
    public void The_generated_site_key_has_32_bytes()
    {
        var secret = Chart.Render().Single(item => item.Text("kind") == "Secret").Map("data");
        var file = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(secret.Text("site.key")));

        Assert.Equal(32, Convert.FromBase64String(file).Length);
    }

    [HelmFact]
    public void A_store_of_the_operators_replaces_the_charts_own()
    {
        var items = Chart.Render("redis.connectionString=redis-1:6379");

        Assert.DoesNotContain(items, item => item.Map("metadata").Text("name").EndsWith("-redis", StringComparison.Ordinal));
        Assert.Contains(items, item => item.Text("kind") == "Secret" && item.Has("stringData") && item.Map("stringData").Text("connection-string") == "redis-1:6379");
    }

    [HelmFact]
    public void A_federated_site_reads_its_token_from_a_secret_of_the_operators()
    {
        var silo = Chart.Pods("upstream.endpoint=https://hub.example.com:8444", "upstream.existingSecret=hub", "upstream.caEntry=ca.pem")["silo"];
        var given = silo.Container().List("env").Cast<YamlMappingNode>().Where(variable => variable.Has("value")).ToDictionary(variable => variable.Text("name"), variable => variable.Text("value"));

        Assert.Equal("https://hub.example.com:8444", given["Gateway__Upstream__Endpoint"]);
        Assert.Equal("/upstream/gateway-token", given["Gateway__Upstream__TokenFile"]);
        Assert.Equal("/upstream/ca.pem", given["Gateway__Upstream__CaFile"]);
        Assert.All(given.Keys.Where(name => name.StartsWith("Gateway__", StringComparison.Ordinal)), name => Assert.True(Exists(name), name));
        Assert.Equal("hub", silo.List("volumes").Cast<YamlMappingNode>().Single(volume => volume.Text("name") == "upstream").Map("secret").Text("secretName"));
        Assert.Contains(silo.Container().List("volumeMounts").Cast<YamlMappingNode>(), mount => mount.Text("mountPath") == "/upstream");
    }

    [HelmFact]
    public void A_setting_of_the_operators_wins() =>
        Assert.Equal("berlin", Configuration("settings.Gateway__GatewayId=berlin").Text("Gateway__GatewayId"));

    private static IEnumerable<YamlMappingNode> OwnPods() => Chart.Pods().Where(pod => pod.Key != "redis").Select(pod => pod.Value);

    private static YamlMappingNode Configuration(params string[] values) => Chart.Render(values).Single(item => item.Text("kind") == "ConfigMap").Map("data");

    private static IEnumerable<string> Ports(YamlMappingNode pod) =>
        pod.Container().List("ports").Cast<YamlMappingNode>().Select(port => $"{port.Text("name")} {port.Text("containerPort")}").Order(StringComparer.Ordinal);

    private static string Probe(YamlMappingNode container, string name)
    {
        var request = container.Map(name).Map("httpGet");
        Assert.Equal("diagnostics", request.Text("port"));
        return request.Text("path");
    }

    private static bool Exists(string variable)
    {
        Type? type = typeof(GatewaySettings);
        foreach (var part in variable.Split("__")[1..])
        {
            type = type?.GetProperty(part)?.PropertyType;
        }

        return type is not null;
    }
}
