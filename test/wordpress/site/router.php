<?php

/** For PHP's own web server: a file of WordPress or of the site's wp-content as it is, everything else to index.php. */
$path = (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
$file = ( 0 === strpos( $path, '/wp-content/' ) ? getenv( 'WORDPRESS_SITE' ) : getenv( 'WORDPRESS_CORE' ) ) . $path;
if ( is_dir( $file ) ) {
	$path = rtrim( $path, '/' ) . '/index.php';
	$file = rtrim( $file, '/' ) . '/index.php';
}
if ( ! is_file( $file ) ) {
	$path = '/index.php';
	$file = getenv( 'WORDPRESS_CORE' ) . $path;
}
if ( '.php' !== substr( $file, -4 ) ) {
	$types = [ 'css' => 'text/css', 'js' => 'text/javascript', 'svg' => 'image/svg+xml', 'png' => 'image/png', 'woff2' => 'font/woff2' ];
	header( 'Content-Type: ' . ( $types[ pathinfo( $file, PATHINFO_EXTENSION ) ] ?? 'application/octet-stream' ) );
	readfile( $file );
	return true;
}
$_SERVER['SCRIPT_NAME']     = $path;
$_SERVER['PHP_SELF']        = $path;
$_SERVER['SCRIPT_FILENAME'] = $file;
chdir( dirname( $file ) );
require $file;
