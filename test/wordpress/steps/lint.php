<?php

/** Compiles every file named in the arguments, and runs none. A file that does not compile ends it. */
foreach ( array_slice( $argv, 1 ) as $file ) {
	if ( ! opcache_compile_file( $file ) ) {
		fwrite( STDERR, "$file does not compile\n" );
		exit( 1 );
	}
}
echo count( $argv ) - 1, "\n";
