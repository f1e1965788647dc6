<?php

/**
 * Runs PHP inside a network: reads `{host, user, code, args}` from standard input and prints what the code returns as the last line,
 * `{"returned": …}`. The code sees `$args`. Like `wp eval`, which is not to be had here.
 */
require __DIR__ . '/request.php';
$task = json_decode( (string) stream_get_contents( STDIN ), true );
describe_request( $task['host'] );
foreach ( $task['constants'] as $name => $value ) {
	define( $name, $value );
}
require getenv( 'WORDPRESS_CORE' ) . '/wp-load.php';
if ( $task['user'] > 0 ) {
	wp_set_current_user( $task['user'] );
}
$run      = static function ( array $args ) use ( $task ) {
	return eval( $task['code'] );
};
$returned = $run( $task['args'] );
if ( is_wp_error( $returned ) ) {
	$returned = [ 'error' => $returned->get_error_code() ];
}
echo "\n", json_encode( [ 'returned' => $returned ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES );
