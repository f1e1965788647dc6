import { z } from 'zod';
import type { Site } from './site.ts';

const idSchema = z.coerce.number().int().positive();

/** Maps a domain to a site of the network, as code of Ultimate Multisite does. Its id. */
export async function addDomain(site: Site, domain: string, blogId = 1): Promise<number> {
  const code = `$domain = wu_create_domain( [ 'blog_id' => $args['blogId'], 'domain' => $args['domain'] ] );
    return is_wp_error( $domain ) ? $domain : $domain->get_id();`;
  return idSchema.parse(await site.php(code, { args: { domain, blogId } }));
}

export async function deleteDomain(site: Site, id: number): Promise<void> {
  await site.php(`wu_get_domain( $args['id'] )->delete();`, { args: { id } });
}

export async function renameDomain(site: Site, id: number, to: string): Promise<void> {
  const code = `$domain = wu_get_domain( $args['id'] ); $domain->set_domain( $args['to'] ); $domain->save();`;
  await site.php(code, { args: { id, to } });
}

export async function setStage(site: Site, id: number, stage: string): Promise<void> {
  const code = `$domain = wu_get_domain( $args['id'] ); $domain->set_stage( $args['stage'] ); $domain->save();`;
  await site.php(code, { args: { id, stage } });
}

export async function stageOf(site: Site, id: number): Promise<string> {
  return z
    .string()
    .parse(await site.php(`return wu_get_domain( $args['id'] )->get_stage();`, { args: { id } }));
}

/** A new site of the network, such as `acme.network.example`. Its id. */
export async function createBlog(site: Site, host: string): Promise<number> {
  const code = `return wpmu_create_blog( $args['host'], '/', 'Shop', 1 );`;
  return idSchema.parse(await site.php(code, { args: { host } }));
}

export async function deleteBlog(site: Site, id: number): Promise<void> {
  await site.php(`wp_delete_site( $args['id'] );`, { args: { id } });
}
