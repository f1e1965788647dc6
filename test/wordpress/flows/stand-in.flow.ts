import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addDomain,
  createBlog,
  deleteBlog,
  deleteDomain,
  renameDomain,
  setStage,
} from '../support/mappings.ts';
import { createSite, type Site } from '../support/site.ts';

/** The stand-in fires what the plugin itself was seen to fire, in that order. What our plugin is tested against is tested here. */
let site: Site;
afterEach(() => site.close());

const recorder = `<?php
add_action( 'all', function ( $hook ) {
  if ( 1 === preg_match( '/^(wu_(transition_domain|domain_|add_|remove_)|wp_(insert|delete)_site$)/', $hook ) ) {
    $args = array_map( fn( $arg ) => is_scalar( $arg ) ? $arg : ( is_object( $arg ) ? get_class( $arg ) : 'array' ), array_slice( func_get_args(), 1 ) );
    file_put_contents( WP_CONTENT_DIR . '/hooks.log', json_encode( [ $hook, ...$args ], JSON_UNESCAPED_SLASHES ) . "\\n", FILE_APPEND );
  }
} );`;

async function start(version: string): Promise<void> {
  site = await createSite();
  await site.configure({ STAND_IN_VERSION: version });
  await mkdir(join(site.dir, 'wp-content/mu-plugins'), { recursive: true });
  await writeFile(join(site.dir, 'wp-content/mu-plugins/recorder.php'), recorder);
  await site.activate('ultimate-multisite/ultimate-multisite.php');
}

/** The hooks since the last call. */
async function hooks(): Promise<unknown[][]> {
  const file = join(site.dir, 'wp-content/hooks.log');
  const lines = await readFile(file, 'utf8').catch(() => '');
  await writeFile(file, '');
  return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

function namesOf(calls: readonly unknown[][]) {
  return calls.map(([name]) => name);
}

describe('Ultimate Multisite 2.9.2', () => {
  test('tells of a new mapping, a rename, a stage and a deletion by hooks of the request itself', async () => {
    await start('2.9.2');
    await hooks();
    const id = await addDomain(site, 'Shop.Acme-Bikes.com');
    const added = await hooks();
    expect(added.filter(([name]) => String(name).startsWith('wu_transition'))).toEqual([
      ['wu_transition_domain_domain', 'new', 'shop.acme-bikes.com', id],
      ['wu_transition_domain_active', 'new', 1, id],
      ['wu_transition_domain_primary_domain', 'new', 0, id],
      ['wu_transition_domain_secure', 'new', 0, id],
      ['wu_transition_domain_stage', 'new', 'checking-dns', id],
    ]);
    expect(namesOf(added)).toEqual([
      'wu_domain_pre_save',
      'wu_transition_domain_domain',
      'wu_domain_added',
      'wu_transition_domain_active',
      'wu_transition_domain_primary_domain',
      'wu_transition_domain_secure',
      'wu_transition_domain_stage',
      'wu_domain_post_save',
    ]);

    await renameDomain(site, id, 'new.acme-bikes.com');
    expect(namesOf(await hooks())).toEqual([
      'wu_domain_pre_save',
      'wu_transition_domain_domain',
      'wu_domain_added',
      'wu_domain_post_save',
    ]);

    await setStage(site, id, 'ssl-failed');
    expect(await hooks()).toContainEqual(['wu_transition_domain_stage', 'checking-dns', 'ssl-failed', id]);

    // A flag whose new value another column holds already changes without a transition.
    await site.php(`$domain = wu_get_domain( $args['id'] ); $domain->set_secure( true ); $domain->save();`, {
      args: { id },
    });
    expect(namesOf(await hooks())).toEqual(['wu_domain_pre_save', 'wu_domain_post_save']);

    await deleteDomain(site, id);
    expect(await hooks()).toEqual([
      ['wu_domain_pre_delete', 'WP_Ultimo\\Models\\Domain'],
      ['wu_domain_post_delete', 1, 'WP_Ultimo\\Models\\Domain'],
      ['wu_domain_removed', 'new.acme-bikes.com', 1],
    ]);
  });

  test('gives a new site a mapping of its own address, and removes the mappings of a deleted one first', async () => {
    await start('2.9.2');
    await hooks();
    const blog = await createBlog(site, 'acme.network.example');
    expect(namesOf(await hooks())).toEqual(
      expect.arrayContaining(['wp_insert_site', 'wu_transition_domain_domain']),
    );
    await deleteBlog(site, blog);
    expect(namesOf(await hooks())).toEqual([
      'wp_delete_site',
      'wu_domain_pre_delete',
      'wu_domain_post_delete',
      'wu_domain_removed',
    ]);
  });
});

test('Ultimate Multisite 2.4.3 has the older hooks alone, the older classes, and no stage for a failed certificate', async () => {
  await start('2.4.3');
  await hooks();
  const id = await addDomain(site, 'shop.acme-bikes.com');
  await deleteDomain(site, id);
  const names = namesOf(await hooks());
  expect(names).toContain('wu_domain_post_delete');
  expect(names).not.toContain('wu_domain_added');
  expect(names).not.toContain('wu_domain_removed');
  const classes = `return array_map( 'class_exists', [
    'WP_Ultimo\\\\Integrations\\\\Integration', 'WP_Ultimo\\\\Integrations\\\\Host_Providers\\\\Base_Host_Provider' ] );`;
  expect(await site.php(classes)).toEqual([false, true]);
  expect(await site.php(`return WP_Ultimo\\Database\\Domains\\Domain_Stage::without_certificate();`)).toBe(
    'done-without-ssl',
  );
});

test('checks DNS and certificate by jobs that are delivered by position, and gives up after the sixth', async () => {
  await start('2.9.2');
  await site.php(`add_filter( 'wu_domain_has_correct_dns', '__return_true' );
    $domain = wu_create_domain( [ 'blog_id' => 1, 'domain' => 'shop.acme-bikes.com' ] );
    for ( $i = 0; $i < 7; ++$i ) do_action( 'wu_async_process_domain_stage', $domain->get_id(), $i );`);
  expect(await site.php(`return wu_get_domain_by_domain( 'shop.acme-bikes.com' )->get_stage();`)).toBe(
    'ssl-failed',
  );
});
