using Gateway.Benchmarks.Processes;

namespace Gateway.Benchmarks.Proxying;

/// <summary>nginx, answering 1 KB of JSON from memory.</summary>
internal static class Backend
{
    public static Child Start(int port, int core, string folder)
    {
        var configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            worker_processes 1;
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/nginx-error.log;
            events { worker_connections 1024; }
            http {
              access_log off;
              client_body_temp_path {{folder}}/nginx-body;
              proxy_temp_path {{folder}}/nginx-proxy;
              fastcgi_temp_path {{folder}}/nginx-fastcgi;
              uwsgi_temp_path {{folder}}/nginx-uwsgi;
              scgi_temp_path {{folder}}/nginx-scgi;
              keepalive_requests 100000000;
              keepalive_timeout 600s;
              server {
                listen 127.0.0.1:{{port}};
                default_type application/json;
                location / { return 200 '{"text":"{{new string('x', 1003)}}"}'; }
              }
            }
            """);
        return Child.Start(core, Path.Combine(folder, "nginx.log"), new Dictionary<string, string>(), "nginx", "-e", Path.Combine(folder, "nginx-error.log"), "-c", configuration);
    }
}
