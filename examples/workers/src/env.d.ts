/** The Worker's bindings; see config.capnp. */
declare namespace Cloudflare {
  interface Env {
    LOGTO_ENDPOINT: string;
    API_RESOURCE: string;
    ORGANIZATION_API_RESOURCE: string;
  }
}
