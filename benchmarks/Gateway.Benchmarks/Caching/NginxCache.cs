using Gateway.Benchmarks.Processes;

namespace Gateway.Benchmarks.Caching;

/// <summary>nginx in one process, answering from its <c>proxy_cache</c> in a folder of the page cache.</summary>
internal static class NginxCache
{
    public static Child Start(int port, string backend, int core, string folder)
    {
        var configuration = Path.Combine(folder, "nginx-cache.conf");
        File.WriteAllText(configuration, $$"""
            worker_processes 1;
            daemon off;
            master_process off;
            pid {{folder}}/nginx-cache.pid;
            error_log {{folder}}/nginx-cache-error.log;
            events { worker_connections 1024; }
            http {
              access_log {{folder}}/nginx-cache-access.log;
              client_body_temp_path {{folder}}/nginx-cache-body;
              proxy_temp_path {{folder}}/nginx-cache-proxy;
              fastcgi_temp_path {{folder}}/nginx-cache-fastcgi;
              uwsgi_temp_path {{folder}}/nginx-cache-uwsgi;
              scgi_temp_path {{folder}}/nginx-cache-scgi;
              proxy_cache_path {{folder}}/nginx-cache levels=1:2 keys_zone=benchmark:8m max_size=100m inactive=600m;
              keepalive_requests 100000000;
              keepalive_timeout 600s;
              server {
                listen 127.0.0.1:{{port}};
                location / {
                  proxy_pass {{backend}};
                  proxy_cache benchmark;
                  proxy_cache_valid 200 1h;
                }
              }
            }
            """);
        return Child.Start(core, Path.Combine(folder, "nginx-cache.log"), new Dictionary<string, string>(), "nginx", "-e", Path.Combine(folder, "nginx-cache-error.log"), "-c", configuration);
    }
}
