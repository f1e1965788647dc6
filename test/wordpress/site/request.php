<?php

/** What WordPress reads of a request, for scripts that serve none. */
function describe_request( string $host ): void {
	$_SERVER = array_merge(
		$_SERVER,
		[
			'HTTP_HOST'       => $host,
			'SERVER_NAME'     => $host,
			'REQUEST_URI'     => '/',
			'REQUEST_METHOD'  => 'GET',
			'SERVER_PROTOCOL' => 'HTTP/1.1',
			'REMOTE_ADDR'     => '127.0.0.1',
			'HTTP_USER_AGENT' => 'test',
		]
	);
}
