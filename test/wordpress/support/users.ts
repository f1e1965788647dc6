import { z } from 'zod';
import type { Site } from './site.ts';

const sessionSchema = z.record(z.string(), z.string());

/** Signs a user in; the cookies of the session, by name. */
export async function session(site: Site, userId: number): Promise<Readonly<Record<string, string>>> {
  const code = `
    $ends  = time() + 3600;
    $token = WP_Session_Tokens::get_instance( $args['user'] )->create( $ends );
    return [
      AUTH_COOKIE      => wp_generate_auth_cookie( $args['user'], $ends, 'auth', $token ),
      LOGGED_IN_COOKIE => wp_generate_auth_cookie( $args['user'], $ends, 'logged_in', $token ),
    ];`;
  return sessionSchema.parse(await site.php(code, { args: { user: userId } }));
}

const customerSchema = z.object({ user: z.number(), blog: z.number() });

/** A customer with a site of their own. */
export async function createCustomer(site: Site, name: string): Promise<z.infer<typeof customerSchema>> {
  const code = `
    $user = wpmu_create_user( $args['name'], wp_generate_password(), $args['name'] . '@example.net' );
    return [ 'user' => $user, 'blog' => wpmu_create_blog( $args['name'] . '.network.example', '/', 'Shop', $user ) ];`;
  return customerSchema.parse(await site.php(code, { args: { name } }));
}
